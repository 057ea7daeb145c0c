"""The story: a contract goes out, two people sign it, and it comes back sealed; meanwhile a scan is read."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from lacre.cli.demo.client import Api, StepFailed, get, submit
from lacre.cli.demo.native import native_api
from lacre.cli.demo.receiver import DemoReceiver
from lacre.cli.demo.scan import collect, hand_in
from lacre.cli.demo.server import DemoServer
from lacre.cli.demo.timeline import Timeline

TIME_SCALE = 60
"""Five minutes until the second attempt become five seconds."""
SIGNERS = ("Ana Souza", "Bruno Lima")


@dataclass(frozen=True)
class Scene:
    folder: Path
    timeline: Timeline
    server: DemoServer
    receiver: DemoReceiver
    api: Api


def tell(folder: Path, timeline: Timeline) -> None:
    """Raises `StepFailed` at the first step that does not hold."""
    receiver = DemoReceiver()
    receiver.start()
    with DemoServer(folder, time_scale=TIME_SCALE) as server, closing(_Stopping(receiver)):
        timeline.step(f"server and worker run on {server.url}, all data in {folder}")
        # a key is made by a process of its own, which takes a while to start
        with ThreadPoolExecutor(1) as beside:
            native = beside.submit(native_api, server)
            scene = Scene(folder, timeline, server, receiver, _api(server))
            _listen(scene)
        handed = hand_in(native.result(), receiver, folder, timeline)
        document = _send(scene)
        for name in SIGNERS:
            _sign(scene, document, name)
        _collect(scene, document)
        _reprocess(scene, document)
        collect(receiver, handed, timeline)


@dataclass(frozen=True)
class _Stopping:
    receiver: DemoReceiver

    def close(self) -> None:
        self.receiver.stop()


def _api(server: DemoServer) -> Api:
    """ZapSign's clients take any status but 200 for a failure."""
    return Api(f"{server.url}/api/v1", f"Bearer {server.new_key('zapsign')}", successes=(200,))


def _listen(scene: Scene) -> None:
    said = {"url": scene.receiver.url, "type": "", "headers": [{"name": "X-Segredo", "value": "demo"}]}
    scene.api.call("POST", "user/company/webhook/", said)
    for kind in ("doc_viewed", "doc_read_confirmation"):
        scene.api.call("POST", "user/company/webhook/", {**said, "type": kind})
    scene.timeline.step(f"webhooks go to {scene.receiver.url}")


def _send(scene: Scene) -> dict[str, Any]:
    pdf = contract()
    document: dict[str, Any] = scene.api.call(
        "POST",
        "docs/",
        {
            "name": "Contrato de locação",
            "base64_pdf": base64.b64encode(pdf).decode(),
            "signature_order_active": True,
            "signers": [
                {"name": name, "order_group": place, "signature_placement": f"<<assinatura-{_first(name)}>>"}
                for place, name in enumerate(SIGNERS)
            ],
        },
    )
    scene.timeline.step(f"a contract of {len(pdf) // 1000} kB was sent to {' and then '.join(SIGNERS)}")
    _hear(scene, "doc_created")
    return document


def _sign(scene: Scene, document: dict[str, Any], name: str) -> None:
    room = next(signer["sign_url"] for signer in document["signers"] if signer["name"] == name)
    page = get(room).decode()
    submit(page, f"{room}/read")
    _hear(scene, "doc_read_confirmation", times=SIGNERS.index(name) + 1)
    last = name == SIGNERS[-1]
    if last:
        scene.receiver.fail_once("doc_signed")
    submit(
        get(f"{room}?here=1").decode(),
        f"{room}/sign",
        email=f"{_first(name)}@example.com",
        mark_kind="typed",
        mark_text=name,
        terms="on",
    )
    scene.timeline.step(f"{name} opened the link, read and signed")
    if last:
        scene.timeline.note("the receiver now answers 503 once, and is tried again")
    said = _hear(scene, "doc_signed", times=SIGNERS.index(name) + 1)
    wanted = "signed" if last else "pending"
    if said["status"] != wanted:
        raise StepFailed(f"doc_signed says {said['status']}, not {wanted}")
    if last and scene.receiver.refused != 1:
        raise StepFailed("the receiver was to fail once, and did not")


def _collect(scene: Scene, document: dict[str, Any]) -> None:
    fresh = scene.api.call("GET", f"docs/{document['token']}/")
    sealed = scene.folder / "sealed.pdf"
    sealed.write_bytes(get(fresh["signed_file"]))
    record = scene.folder / "record.pdf"
    record.write_bytes(get(_record_url(document)))
    verified = json.loads(scene.server.command("verify", str(sealed), "--json"))
    held = sum(found["intact"] for found in verified["signatures"])
    digest = hashlib.sha256(sealed.read_bytes()).hexdigest()
    scene.timeline.step(f"the sealed PDF holds {held} signatures, all valid (SHA-256 {digest[:16]}…)")
    scene.timeline.note(f"sealed PDF:       {sealed}")
    scene.timeline.note(f"signature record: {record}")


def _record_url(document: dict[str, Any]) -> str:
    return f"{document['signers'][0]['sign_url']}/record"


def _reprocess(scene: Scene, document: dict[str, Any]) -> None:
    before = len(scene.receiver.of("doc_signed"))
    path = f"docs/{document['token']}/reprocess-doc/"
    scene.api.call("POST", path, {"send_webhook": True, "resign_doc": False})
    _hear(scene, "doc_signed", times=before + 1)
    scene.timeline.step("the webhook was reprocessed, and came once more")


def _hear(scene: Scene, event: str, *, times: int = 1) -> dict[str, Any]:
    said = scene.receiver.wait_for(event, times=times)
    if said is None:
        raise StepFailed(f"the webhook {event} did not come; see {scene.folder / 'server.log'}")
    scene.timeline.step(f"webhook {event} came ({said['status']})")
    return said


def contract() -> bytes:
    here = files("lacre.cli.demo")
    fonts = files("lacre.engines") / "fonts"
    return typst.compile(str(here / "contract.typ"), font_paths=[str(fonts)])


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0].lower()
