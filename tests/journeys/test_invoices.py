"""From `POST /v1/documents` to what a receiver hears, through a real Sefin on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import httpx2
import pikepdf
import pypdfium2
import pytest
from lxml import etree

from lacre.accounts.actions import give_key
from lacre.engines.nfse import schema
from lacre.engines.nfse.form import REPLACED
from lacre.engines.nfse.schema import violations
from lacre.engines.sefin import Fault, SandboxAuthority
from lacre.engines.sefin.faults import Kind
from lacre.fiscal import actions as fiscal
from lacre.kit.ids import EndpointId, InvoiceId, new_uuid, with_prefix, without_prefix
from lacre.webhooks import actions
from lacre.webhooks.endpoint import Endpoint
from tests.support.fastnotas_desk import basic
from tests.support.house import House
from tests.support.libxmlsec import holds_for_libxmlsec
from tests.support.receiver import Receiver
from tests.support.sefin import COMPANY, CURITIBA, CUSTOMER, PASSWORD, SefinDesk
from tests.support.visitor import new_account
from tests.support.working import eventually

DAYS_IN_NO_TIME = 1_000_000.0
FLORIANOPOLIS = "4205407"
FILES_OF_REPLACED = 5
"""What was asked, the answer, the note's paper, the one that says it was replaced, and the event that did."""
NFSE = "{http://www.sped.fazenda.gov.br/nfse}"
Said = dict[str, Any]


@pytest.fixture(scope="module")
def sefin() -> Iterator[SefinDesk]:
    desk = SefinDesk()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sefin: SefinDesk) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("fiscal"), sefin) as opened:
        yield opened


@contextmanager
def a_house(folder: Path, sefin: SefinDesk, *, time_scale: float = 1.0) -> Iterator[House]:
    authority = folder / "sefin.pem"
    authority.write_bytes(sefin.sefin.authority.pem)
    with House(
        folder, working=True, egress_allow="127.0.0.0/8",
        nfse_sandbox_url=sefin.sefin.url, nfse_sandbox_ca=authority, time_scale=time_scale,
    ) as opened:  # fmt: skip
        yield opened


@dataclass
class Client:
    """A system written for Fast Notas, and what it was told by webhook."""

    http: httpx2.Client
    receiver: Receiver
    schema: Said
    customer: Said
    company: Said = field(default_factory=dict)

    def move_to(self, city_code: str) -> None:
        said = {"address": {"city_code": city_code}}
        self.http.put(f"/v1/companies/{self.company['id']}", json=said).raise_for_status()

    def said_of(self, document: Said) -> Said:
        """The first message of its last exchange."""
        (found,) = self.read(f"documents/{document['id']}")
        message = found["last_operation"]["last_transaction"]["messages"][0]
        return cast("Said", {"status": found["status"], **message})

    def order(self, description: str = "Suporte técnico", **said: object) -> Said:
        item = self.post("items", _item(self.schema, description))
        line = {"item_id": item["id"], "amount": "1250.40", **said}
        body = {
            "document_schema_id": self.schema["id"],
            "customer_id": self.customer["id"],
            "document_items": [line],
        }
        (made,) = self.post("documents", body)
        return cast("Said", made)

    def post(self, path: str, said: Said, **more: Any) -> Any:  # noqa: ANN401 - JSON
        answer = self.http.post(f"/v1/{path}", json=said, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def read(self, path: str) -> Any:  # noqa: ANN401 - JSON
        answer = self.http.get(f"/v1/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def told(self, document: Said) -> list[str]:
        """Types of what was told of it, in no sure order."""
        heard = [one.json["event"] for one in self.receiver.heard]
        return [one["type"] for one in heard if _about(one["data"]) == document["id"]]

    def wait_for(self, document: Said, *types: str) -> None:
        eventually(lambda: set(types) <= set(self.told(document)), seconds=90)

    def answers(self, document: Said) -> list[bytes]:
        """Each that the tax office signed."""
        assets = self.read(f"documents/{document['id']}/assets")
        told = [one["id"] for one in assets if one["type"] == "Asset::XmlResponse"]
        return [self.http.get(f"/v1/assets/{one}/download").content for one in told]

    def files(self, document: Said) -> dict[str, bytes]:
        assets = self.read(f"documents/{document['id']}/assets")
        return {one["type"]: self.http.get(f"/v1/assets/{one['id']}/download").content for one in assets}


@pytest.fixture
def client(house: House, sefin: SefinDesk) -> Iterator[Client]:
    with a_client(house, sefin) as made:
        yield made


@contextmanager
def a_client(house: House, sefin: SefinDesk) -> Iterator[Client]:
    account, key = new_account(house), new_uuid()
    with house.services.open_work() as work:
        give_key(
            work, work.accounts.get(account), dialect="fastnotas", key_id=new_uuid(), key=key,
            digest=house.services.tokens.digest(key), now=house.now(),
        )  # fmt: skip
    headers = {"Authorization": basic(key)}
    http = httpx2.Client(base_url=house.url, headers=headers, timeout=120, trust_env=False)
    with Receiver() as receiver, http:
        _subscribe(house, account, receiver.url)
        made = Client(http, receiver, {}, {})
        made.company = made.post("companies", _COMPANY)
        made.customer = made.post("customers", _CUSTOMER)
        made.schema = _schema(http, sefin)
        yield made


def test_a_document_is_issued_told_of_and_its_files_hold(client: Client) -> None:
    made = client.order()
    client.wait_for(made, "document_processing", "operation_processing", "document_success")
    eventually(lambda: client.told(made).count("asset_avaliable") == 3, seconds=90)

    (issued,) = client.read(f"documents/{made['id']}")
    files = client.files(made)

    note = etree.fromstring(files["Asset::XmlResponse"])
    key = issued["last_operation"]["last_transaction"]["response_fields"]["chave_acesso"]
    assert (made["status"], made["sequence"], issued["status"]) == ("processing", 1, "success")
    assert note.tag == f"{NFSE}NFSe"
    assert note.find(f"{NFSE}infNFSe").get("Id") == f"NFS{key}"
    assert note.findtext(f".//{NFSE}vServ") == "1250.40"
    assert violations(note, schema.NFSE) == ()
    assert violations(etree.fromstring(files["Asset::XmlRequest"]), schema.DPS) == ()
    assert holds_for_libxmlsec(files["Asset::XmlRequest"])
    assert holds_for_libxmlsec(files["Asset::XmlResponse"])
    with pikepdf.open(BytesIO(files["Asset::Print"])) as paper:
        assert paper.check_pdf_syntax() == []
    printed = httpx2.get(issued["print_url"], trust_env=False, timeout=120)
    assert printed.content == files["Asset::Print"]


def test_webhooks_are_sent_as_their_page_says(client: Client) -> None:
    made = client.order()
    client.wait_for(made, "document_success")

    heard = client.receiver.heard[0]

    assert heard.method == "POST"
    assert heard.header("content-type") == "application/json; charset=UTF-8"
    assert heard.header("user-agent") == "Fast-Notas-Hookshot/1.0"
    assert [*heard.json] == ["event"]
    assert [*heard.json["event"]] == ["type", "created_at", "data"]


def test_a_rejected_document_says_the_code_and_gives_its_number_back(client: Client) -> None:
    refused = client.order("Suporte [sefin E0310]")
    client.wait_for(refused, "document_rejected", "operation_rejected")

    (found,) = client.read(f"documents/{refused['id']}")
    good = client.order()

    said = found["last_operation"]["last_transaction"]["messages"]
    assert (found["status"], said[0]["code"]) == ("rejected", "E0310")
    assert good["sequence"] == refused["sequence"]


def test_a_sefin_that_issues_and_says_nothing_is_asked_and_no_second_note_is_made(client: Client) -> None:
    made = client.order("Suporte [sefin silent_after 1]")
    client.wait_for(made, "document_waiting", "operation_waiting", "document_success")

    (issued,) = client.read(f"documents/{made['id']}")
    (operation,) = client.read(f"documents/{made['id']}/operations")
    exchanges = client.read(f"operations/{operation['id']}/transactions")

    assert issued["status"] == "success"
    assert [one["status"] for one in exchanges] == ["success", "error"]


def test_an_issued_document_is_canceled(client: Client) -> None:
    made = client.order()
    client.wait_for(made, "document_success")

    answer = client.http.delete(f"/v1/documents/{made['id']}")
    client.wait_for(made, "document_canceled")

    (found,) = client.read(f"documents/{made['id']}")
    assert answer.status_code == 200
    assert (found["status"], found["last_operation"]["operation_type"]) == ("success", "cancel")


def test_an_issued_document_is_replaced_and_the_tax_office_cancels_it(
    house: House, client: Client, sefin: SefinDesk
) -> None:
    old = client.order()
    client.wait_for(old, "document_success")

    new = _replace(house, client, old)
    client.wait_for(new, "document_success")
    client.wait_for(old, "document_canceled")

    (found,) = client.read(f"documents/{old['id']}")
    key, by = _key_of(client, old), _key_of(client, new)
    ledger = {one.key: one.cancelled for one in sefin.sefin.ledger.notes()}
    said = found["last_operation"]["last_transaction"]["response_fields"]
    assert (ledger[key], ledger[by]) == (REPLACED, "")
    assert (found["status"], said) == ("success", {"chave_substituta": by})
    eventually(lambda: client.told(old).count("asset_avaliable") == FILES_OF_REPLACED, seconds=90)
    paper = httpx2.get(found["print_url"], trust_env=False, timeout=120).content
    assert f"pela NFS-e {by}" in printed(paper)
    assert any(f"<chSubstituta>{by}</chSubstituta>".encode() in one for one in client.answers(old))


def test_a_replacement_that_is_rejected_leaves_the_document_as_it_was(
    house: House, client: Client, sefin: SefinDesk
) -> None:
    old = client.order()
    client.wait_for(old, "document_success", "operation_success", "asset_avaliable")

    new = _replace(house, client, old, "Suporte [sefin E0310]")
    client.wait_for(new, "document_rejected")

    (found,) = client.read(f"documents/{old['id']}")
    ledger = {one.key: one.cancelled for one in sefin.sefin.ledger.notes()}
    assert ledger[_key_of(client, old)] == ""
    assert found["last_operation"]["operation_type"] == "issue"
    assert client.told(old).count("operation_success") == 1


def test_a_replacement_that_the_tax_office_accepts_silently_is_found_and_both_are_recorded(
    house: House, client: Client, sefin: SefinDesk
) -> None:
    old = client.order()
    client.wait_for(old, "document_success")

    new = _replace(house, client, old, "Suporte [sefin silent_after 1]")
    client.wait_for(new, "document_waiting", "document_success")
    client.wait_for(old, "document_canceled")

    ledger = {one.key: one.cancelled for one in sefin.sefin.ledger.notes()}
    assert ledger[_key_of(client, old)] == REPLACED


@pytest.mark.parametrize(
    ("city", "code"),
    [("3548807", "municipality_outside"), ("3550308", "municipality_issues_itself")],
    ids=["São Caetano do Sul", "São Paulo"],
)
def test_where_companies_issue_with_the_municipality_nothing_is_sent_and_it_says_what_to_do(
    client: Client, sefin: SefinDesk, city: str, code: str
) -> None:
    client.move_to(city)
    refused = client.order()
    client.wait_for(refused, "document_rejected", "operation_rejected")

    said = client.said_of(refused)

    assert (said["status"], said["code"]) == ("rejected", code)
    assert said["correction"].startswith("Emita esta nota no sistema da prefeitura")
    assert not any(f"DPS{city}" in one.about for one in sefin.sefin.ledger.calls())


def test_a_municipality_that_cannot_be_asked_stops_no_note_and_the_note_says_so(
    sefin: SefinDesk, tmp_path: Path
) -> None:
    with a_house(tmp_path, sefin) as house, a_client(house, sefin) as client:
        sefin.sefin.faults.plan(Fault(kind=Kind.STATUS, on="parameters", value=503))
        made = client.order()
        client.wait_for(made, "document_success")

        said = client.said_of(made)

    assert (said["status"], said["code"]) == ("success", "municipality_not_asked")


def test_what_a_municipality_has_set_is_asked_once_for_many_notes(client: Client, sefin: SefinDesk) -> None:
    client.move_to(FLORIANOPOLIS)
    made = [client.order() for _ in range(2)]
    for one in made:
        client.wait_for(one, "document_success")
    third = client.order()
    client.wait_for(third, "document_success")

    asked = [one.path for one in sefin.sefin.ledger.calls() if f"/parametrizacao/{FLORIANOPOLIS}" in one.path]

    # the first two may have asked at the same time
    assert 2 <= len(asked) <= 4
    assert len(set(asked)) == 2


def test_a_tax_office_that_is_broken_for_two_days_is_an_error_and_no_note_is_made(
    sefin: SefinDesk, tmp_path: Path
) -> None:
    sefin.sefin.faults.plan(Fault(kind=Kind.STATUS, value=503, times=30))
    sefin.sefin.faults.plan(Fault(kind=Kind.SILENT_BEFORE, times=1000))
    with a_house(tmp_path, sefin, time_scale=DAYS_IN_NO_TIME) as hurried, a_client(hurried, sefin) as client:
        made = client.order()
        client.wait_for(made, "document_waiting", "operation_waiting", "document_error", "operation_error")
        (failed,) = client.read(f"documents/{made['id']}")
        sefin.sefin.faults.forget()
        notes = len(sefin.sefin.ledger.notes())

        _try_again(hurried, made)
        client.wait_for(made, "document_success")

        (issued,) = client.read(f"documents/{made['id']}")
    said = failed["last_operation"]["last_transaction"]["messages"]
    assert (failed["status"], said[0]["code"]) == ("error", "given_up")
    assert client.told(made).count("document_waiting") == 1
    assert (issued["status"], issued["sequence"]) == ("success", made["sequence"])
    assert len(sefin.sefin.ledger.notes()) == notes + 1


def test_a_certificate_that_the_tax_office_does_not_take_is_an_error(
    client: Client, sefin: SefinDesk
) -> None:
    strange = SandboxAuthority.made().company("PAPELARIA SOUZA LTDA", COMPANY, password=PASSWORD)
    client.schema = _schema(client.http, sefin, p12=strange)

    made = client.order()
    client.wait_for(made, "document_error", "operation_error")

    (found,) = client.read(f"documents/{made['id']}")
    said = found["last_operation"]["last_transaction"]["messages"]
    assert (found["status"], said[0]["code"]) == ("error", "certificate_refused")


def _try_again(house: House, made: Said) -> None:
    """As the console's button does: Fast Notas has no call for it."""
    with house.services.open_work() as work:
        invoice = work.books.invoices.for_job(InvoiceId(made["id"]))
        fiscal.try_again(work, house.services.fiscal_desk, invoice, now=house.now())


def _replace(house: House, client: Client, old: Said, description: str = "Suporte técnico") -> Said:
    """Through our own API: Fast Notas has no field for it."""
    key = new_uuid()
    with house.services.open_work() as work:
        account = work.books.invoices.for_job(InvoiceId(old["id"])).account_id
        give_key(
            work, work.accounts.get(account), dialect="native", key_id=new_uuid(), key=key,
            digest=house.services.tokens.digest(key), now=house.now(),
        )  # fmt: skip
    said = {
        "customer_id": with_prefix("cst", client.customer["id"]),
        "lines": [{"description": description, "amount": "99.90", "service_code": "010701"}],
        "replaces": {"invoice_id": with_prefix("inv", old["id"]), "text": "O valor estava errado"},
    }
    url, headers = f"{house.url}/api/lacre/v1/invoices", {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(url, json=said, headers=headers, timeout=120, trust_env=False)
    assert answer.status_code == 201, answer.text
    return {"id": without_prefix("inv", answer.json()["id"])}


def _key_of(client: Client, document: Said) -> str:
    """The access key of its note."""
    (operation, *_) = client.read(f"documents/{document['id']}/operations")[::-1]
    (done, *_) = client.read(f"operations/{operation['id']}/transactions")
    return cast("str", done["response_fields"]["chave_acesso"])


def printed(pdf: bytes) -> str:
    with closing(pypdfium2.PdfDocument(pdf)) as paper:
        return cast("str", paper[0].get_textpage().get_text_bounded())


_COMPANY: Said = {
    "name": "Papelaria Souza", "legal_name": "PAPELARIA SOUZA LTDA", "email": "notas@souza.test",
    "registry_code": COMPANY, "environment": "sandbox",
    "address": {"zipcode": "80020000", "number": "100", "city_code": CURITIBA},
}  # fmt: skip
_CUSTOMER: Said = {
    "name": "Ana Souza", "registry_code": CUSTOMER, "email": "ana@x.test", "external_code": "1",
    "address": {
        "zipcode": "80020000", "number": "100", "street": "Rua das Flores", "neighborhood": "Centro",
        "city_code": CURITIBA,
    },
}  # fmt: skip


def _item(schema: Said, description: str) -> Said:
    return {
        "name": "Suporte",
        "description": description,
        "amount": "100",
        "document_schema_id": schema["id"],
        "settings": {"taxes": {"iss": "2"}, "parameters": {"service_code": "01.07.01"}},
    }


def _schema(http: httpx2.Client, sefin: SefinDesk, p12: bytes = b"") -> Said:
    fields = {
        "name": "NFS-e",
        "code": "NFS-e",
        "type": "Invoice::Nfse",
        "credentials[password]": PASSWORD,
        "serie": str(int(new_uuid()[:3], 16) + 1),
    }
    files = {"credentials[certificate]": ("a1.pfx", p12 or sefin.p12)}
    answer = http.post("/v1/document_schemas", data=fields, files=files)
    assert answer.status_code == 201, answer.text
    return cast("Said", answer.json())


def _subscribe(house: House, account: Any, url: str) -> None:  # noqa: ANN401 - an id
    endpoint = Endpoint(
        id=EndpointId(new_uuid()), account_id=account, number=0, dialect="fastnotas", url=url, types=(),
        created_at=house.now(),
    )  # fmt: skip
    with house.services.open_work() as work:
        actions.subscribe(work, endpoint)


def _about(data: Said) -> str:
    """The document that something told is about."""
    (held,) = data.values()
    return str(held["document"]["id"] if "document" in held else held["id"])
