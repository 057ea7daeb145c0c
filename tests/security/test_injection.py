"""Nasty words through every door and out of every window: pages, mails, files, headers, webhooks."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from playwright.sync_api import Browser

from lacre.dialects.native.routes import PATH as NATIVE
from lacre.signing.envelope import EnvelopeStatus
from tests.security.nasty import BROKEN, NASTY, acting_in
from tests.security.tenants import PDF_TEXT, Tenant
from tests.support.browser import chromium, desk_in
from tests.support.customer import Visitor
from tests.support.database import PostgresServer
from tests.support.house import House
from tests.support.smtp import Postbox, mail_server

HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "reply-to",
    "mime-version", "content-type", "x-peer", "x-mailfrom", "x-rcptto", "content-transfer-encoding",
}  # fmt: skip
ACTING = ("script", "image", "out of an attribute", "out of a quote", "out of a style", "template")


@dataclass
class Stage:
    house: House
    tenant: Tenant
    postbox: Postbox
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each word was made of, as ZapSign's dialect answered."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("stage")
    with mail_server() as postbox, House(folder, working=True, smtp=postbox.url) as house:
        stage = Stage(house, Tenant(house, house.installation.app), postbox)
        for name, words in NASTY.items():
            answer = stage.tenant.ask("POST", "/api/v1/docs/", _document(words))
            assert answer.status_code == 200, (name, answer.text)
            stage.sent[name] = answer.json()
        yield stage


@pytest.mark.parametrize("name", NASTY)
def test_words_come_back_as_they_were_sent(stage: Stage, name: str) -> None:
    made = stage.sent[name]

    assert made["name"] == NASTY[name].strip()[:255] or made["name"] == NASTY[name]
    assert made["signers"][0]["qualification"] == NASTY[name]


@pytest.mark.parametrize("words", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("dialect", ["zapsign", "native"])
def test_what_no_text_can_hold_is_refused_or_harmless(stage: Stage, dialect: str, words: str) -> None:
    path, said = _asked(dialect, words)
    # as escapes, which is how half a pair gets through
    answer = stage.tenant.client.post(
        path,
        content=json.dumps(said),
        headers={"authorization": f"Bearer {stage.tenant.keys[dialect]}", "content-type": "application/json"},
    )

    assert answer.status_code in (200, 201, 400, 422)
    answer.text.encode()


@pytest.mark.parametrize("name", NASTY)
def test_nothing_acts_on_a_page(stage: Stage, name: str) -> None:
    made = stage.sent[name]
    pages = [
        stage.tenant.client.get(made["signers"][0]["sign_url"]),
        stage.tenant.ask("GET", f"/app/envelopes/{made['token']}"),
        stage.tenant.client.get(f"/verify/{made['token']}"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [acting_in(page.text) for page in pages] == [[], [], []]


@pytest.mark.parametrize("path", ["/app/", "/app/?q=%3Cscript%3E", "/app/?q=%25", "/app/deliveries"])
def test_nothing_acts_in_a_list(stage: Stage, path: str) -> None:
    page = stage.tenant.ask("GET", path)

    assert page.status_code == 200
    assert acting_in(page.text) == []


@pytest.mark.parametrize("name", NASTY)
def test_a_file_s_name_stays_in_its_header(stage: Stage, name: str) -> None:
    link = stage.sent[name]["original_file"]

    said = stage.tenant.client.get(link).headers["content-disposition"]

    found = re.fullmatch(r"inline; filename=\"([^\"\\%;]*)\"; filename\*=UTF-8''([\w.~%-]*)", said)
    assert found is not None, said
    plain, true = found[1], unquote(found[2])
    for shown in (plain, true):
        assert shown.endswith(".pdf")
        assert not set(shown) & set('/\\:*?"<>|\r\n\0\u202e\u2066\u200b')


def test_mails_have_our_headers_and_nothing_in_them_acts(stage: Stage) -> None:
    _wait_for(lambda: len(stage.postbox.mails) >= len(NASTY))

    for mail in stage.postbox.mails:
        html = mail.get_body(("html",))
        assert html is not None
        assert {name.lower() for name in mail} <= HEADERS
        (to,) = mail["To"].addresses
        assert to.addr_spec in ("bruno@example.test", stage.tenant.email)
        assert "\n" not in str(mail["Subject"])
        assert [one for one in acting_in(html.get_content()) if one != "<style>"] == []


def test_people_with_nasty_names_sign_and_everything_is_sealed(stage: Stage, tmp_path: Path) -> None:
    """All of them in one document: in its signatures, in its record."""
    signers = [{"name": words, "qualification": words} for words in NASTY.values()]
    said = {**_document("Todos", "<p>"), "signers": signers, "disable_signer_emails": True}
    made = stage.tenant.ask("POST", "/api/v1/docs/", said).json()
    for signer, words in zip(made["signers"], NASTY.values(), strict=True):
        visitor = Visitor(signer["sign_url"])
        visitor.confirm_reading()
        assert "Você assinou" in visitor.sign(words, email="bruno@example.test")

    done = _finished(stage, made["token"])

    sealed = _fetched(tmp_path / "sealed.pdf", done["signed_file"])
    record = _fetched(tmp_path / "record.pdf", done["signature_report"])
    assert stage.house.services.verifier.verify(sealed).all_valid
    assert "root:" not in _text_of(record)
    assert "7*7" in _text_of(record)


def test_whatever_was_typed_is_told_in_json(stage: Stage) -> None:
    listed = stage.tenant.ask("GET", f"{NATIVE}/events?limit=100").json()["data"]

    bodies = [stage.tenant.ask("GET", f"{NATIVE}/events/{one['id']}") for one in listed]

    assert bodies
    assert {body.json()["type"] for body in bodies} >= {"envelope.created"}
    for body in bodies:
        body.text.encode()


@pytest.mark.parametrize("words", [*NASTY.values(), BROKEN["null"], BROKEN["line breaks"], BROKEN["control"]])
def test_a_reason_is_words_wherever_it_is_shown(stage: Stage, words: str) -> None:
    made = stage.tenant.ask("POST", "/api/v1/docs/", {**_document("Recusa"), "disable_signer_emails": True})
    link = made.json()["signers"][0]["sign_url"]

    answer = stage.tenant.client.post(f"{link}/refuse", data={"reason": words})
    pages = [
        stage.tenant.client.get(link),
        stage.tenant.ask("GET", f"/app/envelopes/{made.json()['token']}"),
    ]

    assert answer.status_code == 303
    assert [page.status_code for page in pages] == [200, 200]
    assert [acting_in(page.text) for page in pages] == [[], []]


@pytest.mark.parametrize("name", NASTY)
def test_a_dropped_file_s_name_is_only_words(stage: Stage, name: str) -> None:
    page = stage.tenant.client.post("/verify", files={"file": (NASTY[name], b"no PDF")})

    assert page.status_code == 200
    assert acting_in(page.text) == []


def _document(words: str, more: str = "") -> dict[str, object]:
    signer = {
        "name": words,
        "email": "bruno@example.test",
        "send_automatic_email": True,
        "qualification": words,
        "custom_message": words + more,
        "external_id": words,
    }
    # longer or deeper than this is refused, and another test's matter
    folder = words.replace("/", " ")[:50]
    branding = {"brand_name": words[:100], "brand_logo": words, "brand_primary_color": words[:60]}
    whole = {"name": words, "base64_pdf": PDF_TEXT, "signers": [signer], "folder_path": folder}
    return {**whole, **branding, "allow_refuse_signature": True, "external_id": words}


def _asked(dialect: str, words: str) -> tuple[str, object]:
    if dialect == "zapsign":
        return "/api/v1/docs/", {**_document(words), "disable_signer_emails": True}
    signer = {"name": words, "options": {"message": words}}
    envelope = {"title": words, "documents": [{"base64": PDF_TEXT}], "signers": [signer], "silent": True}
    return f"{NATIVE}/envelopes", {**envelope, "metadata": {words: words}}


def _finished(stage: Stage, token: str) -> Any:  # noqa: ANN401 - JSON
    _wait_for(lambda: _read(stage, token)["signature_report"] is not None)
    with stage.house.services.open_work() as work:
        assert work.envelopes.for_check(token).status is EnvelopeStatus.COMPLETED  # type: ignore[arg-type]
    return _read(stage, token)


def _read(stage: Stage, token: str) -> Any:  # noqa: ANN401 - JSON
    return stage.tenant.ask("GET", f"/api/v1/docs/{token}/").json()


def _fetched(file: Path, url: str) -> Path:
    file.write_bytes(httpx2.get(url, trust_env=False, timeout=120).content)
    return file


def _text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def _wait_for(done: Any, seconds: float = 60) -> None:  # noqa: ANN401 - a question
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it was not done in time"
        time.sleep(0.1)


# ── in a real browser ────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.browser
def test_nothing_runs_in_a_browser(stage: Stage, chrome: Browser) -> None:
    """Neither do words act, nor does the policy have to hold any back."""
    secret, url = stage.tenant.secret, stage.house.url
    with desk_in(chrome, "desktop") as desk:
        desk.page.context.add_cookies([{"name": "lacre", "value": secret, "url": url}])
        for name in ACTING:
            made = stage.sent[name]
            room, console = made["signers"][0]["sign_url"], f"{url}/app/envelopes/{made['token']}"
            for address in (room, console, f"{url}/app/"):
                desk.page.goto(address)
                assert desk.page.evaluate("window.pwned") is None

        assert (desk.complaints, desk.strangers) == ([], [])


# ── in the other database ────────────────────────────────────────────────────


def test_postgresql_takes_them_too(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with House(tmp_path, database_url=postgres_server.create(template="lacre_template")) as house:
        tenant = Tenant(house, house.installation.app)
        for words in (*NASTY.values(), BROKEN["line breaks"], BROKEN["control"], BROKEN["null"]):
            made = tenant.ask("POST", "/api/v1/docs/", _document(words.replace("\0", "")))
            link = made.json()["signers"][0]["sign_url"]
            answer = tenant.client.post(f"{link}/refuse", data={"reason": words})
            listed = tenant.ask("GET", "/app/")

            assert (answer.status_code, listed.status_code) == (303, 200)
