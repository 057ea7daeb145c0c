"""`lacre demo --fiscal`: service invoices, issued by a tax office of the demo's own, on good days and bad."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from lacre.cli.demo.client import Api, StepFailed
from lacre.cli.demo.native import listen, native_api
from lacre.cli.demo.receiver import DemoReceiver
from lacre.cli.demo.server import DemoServer
from lacre.cli.demo.timeline import Timeline

if TYPE_CHECKING:
    from lacre.engines.sefin import LocalSefin

TIME_SCALE = 60
"""Five seconds until the second attempt are a twelfth of one."""
CNPJ, CPF, PASSWORD = "11222333000181", "52998224725", "demo"
Said = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    folder: Path
    timeline: Timeline
    receiver: DemoReceiver
    client: Api
    sefin: LocalSefin
    schema: str
    customer: str
    item: str


def tell(folder: Path, timeline: Timeline) -> None:
    """Raises `StepFailed` at the first step that does not hold."""
    with _sefin(folder, timeline) as sefin, _receiver() as receiver:
        settings = {
            "LACRE_NFSE_SANDBOX_URL": sefin.url,
            "LACRE_NFSE_SANDBOX_CA": str(folder / "sefin" / "ca.pem"),
        }
        with DemoServer(folder, time_scale=TIME_SCALE, settings=settings) as server:
            timeline.step(f"server and worker run on {server.url}, all data in {folder}")
            shop = _open(folder, timeline, server, receiver, sefin)
            _issue(shop)
            _lose_an_answer(shop)
            _be_rejected(shop)
            _cancel(shop)
            _compare(shop)


@contextmanager
def _sefin(folder: Path, timeline: Timeline) -> Iterator[LocalSefin]:
    from lacre.engines.sefin import LocalSefin  # noqa: PLC0415 - a second of imports, for this story

    sefin = LocalSefin.started(folder / "sefin")
    (folder / "sefin" / "ca.pem").write_bytes(sefin.authority.pem)
    timeline.step(f"a tax office of our own (Sefin) runs on {sefin.url}; what it issues is worth nothing")
    try:
        yield sefin
    finally:
        sefin.stop()


@contextmanager
def _receiver() -> Iterator[DemoReceiver]:
    receiver = DemoReceiver()
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


def _open(
    folder: Path, timeline: Timeline, server: DemoServer, receiver: DemoReceiver, sefin: LocalSefin
) -> Shop:
    basic = base64.b64encode(f"{server.new_key('fastnotas')}:".encode()).decode()
    client = Api(f"{server.url}/v1", f"Basic {basic}")
    listen(native_api(server), receiver)
    certificate = sefin.authority.company("PAPELARIA SOUZA LTDA", CNPJ, password=PASSWORD)
    client.call("POST", "companies", COMPANY)
    credentials = {"certificate": base64.b64encode(certificate).decode(), "password": PASSWORD}
    schema = client.call("POST", "document_schemas", {**SCHEMA, "credentials": credentials})
    customer = client.call("POST", "customers", CUSTOMER)
    item = client.call("POST", "items", {**ITEM, "document_schema_id": schema["id"]})
    timeline.step("a company in the sandbox, its certificate, a customer and a service are there")
    return Shop(folder, timeline, receiver, client, sefin, schema["id"], customer["id"], item["id"])


def _issue(shop: Shop) -> None:
    document = _order(shop, "Consultoria em papelaria")
    _hear(shop, "invoice.issued", document)
    found = _read(shop, document)
    for asset in _assets(shop, document):
        name = {
            "Asset::Print": "danfse.pdf",
            "Asset::XmlResponse": "nfse.xml",
            "Asset::XmlRequest": "dps.xml",
        }
        file = shop.folder / name[asset["type"]]
        file.write_bytes(shop.client.fetch("GET", f"assets/{asset['id']}/download"))
        shop.timeline.note(f"{file.name}: {file}")
    shop.timeline.step(f"note {found['sequence']} of series {found['serie']} was issued")


def _lose_an_answer(shop: Shop) -> None:
    document = _order(shop, "Consultoria cuja resposta se perde [sefin silent_after]")
    _hear(shop, "invoice.issued", document)
    shop.timeline.step("an answer was lost after the note was made: it was asked for, and not sent again")


def _be_rejected(shop: Shop) -> None:
    document = _order(shop, "Consultoria [sefin E0310]")
    _hear(shop, "invoice.rejected", document)
    (said,) = _read(shop, document)["last_operation"]["last_transaction"]["messages"]
    shop.timeline.step(f"a note was rejected: {said['code']}, {said['message'][:80]}…")


def _cancel(shop: Shop) -> None:
    document = _order(shop, "Consultoria de que o cliente desistiu")
    _hear(shop, "invoice.issued", document)
    shop.client.call("DELETE", f"documents/{document['id']}")
    _hear(shop, "invoice.canceled", document)
    shop.timeline.step("a note was canceled (event e101101)")


def _compare(shop: Shop) -> None:
    notes = shop.sefin.ledger.notes()
    issued = len(shop.receiver.of("invoice.issued"))
    if len(notes) != issued or sum(bool(one.cancelled) for one in notes) != 1:
        raise StepFailed(f"the tax office has {len(notes)} notes, and {issued} were told")
    shop.timeline.step(f"the tax office's ledger holds those {issued} notes, one canceled, no number twice")


def _order(shop: Shop, description: str) -> Said:
    said = {
        "document_schema_id": shop.schema,
        "customer_id": shop.customer,
        "document_items": [{"item_id": shop.item, "description": description}],
    }
    (made,) = shop.client.call("POST", "documents", said)
    return cast("Said", made)


def _read(shop: Shop, document: Said) -> Said:
    (found,) = shop.client.call("GET", f"documents/{document['id']}")
    return cast("Said", found)


def _assets(shop: Shop, document: Said) -> list[Said]:
    """Once the paper is drawn, which is told last."""
    if shop.receiver.wait_for("asset.available", times=3) is None:
        raise StepFailed("the files of the note did not come")
    found = shop.client.call("GET", f"documents/{document['id']}/assets")
    return cast("list[Said]", found)


def _hear(shop: Shop, event: str, document: Said) -> None:
    times = len(shop.receiver.of(event)) + 1
    wanted = sum(document["id"] in json.dumps(one) for one in shop.receiver.of(event))
    if not wanted and shop.receiver.wait_for(event, times=times) is None:
        raise StepFailed(f"the webhook {event} did not come; see {shop.folder / 'server.log'}")
    shop.timeline.step(f"webhook {event} came")


COMPANY: Mapping[str, object] = {
    "name": "Papelaria Souza",
    "legal_name": "PAPELARIA SOUZA LTDA",
    "email": "notas@souza.example",
    "registry_code": CNPJ,
    "address": {"zipcode": "80020000", "number": "100", "city_code": "4106902"},
    "environment": "sandbox",
}
SCHEMA = {"name": "Nota fiscal de serviço", "code": "NFS-e", "type": "Invoice::Nfse"}
CUSTOMER = {
    "name": "Carolina Alves",
    "registry_code": CPF,
    "email": "carolina@example.com",
    "address": {
        "zipcode": "80420000",
        "number": "775",
        "street": "Rua XV de Novembro",
        "neighborhood": "Centro",
        "city_code": "4106902",
    },
}
ITEM = {
    "name": "Consultoria",
    "description": "Consultoria em papelaria",
    "amount": "345.50",
    "settings": {"parameters": {"service_code": "17.01.01"}},
}
