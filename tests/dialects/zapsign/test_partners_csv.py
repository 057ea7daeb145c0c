"""GET info-plan/partners-csv/: what the account and its customers created, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lacre.signing import announcing, events
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Identification
from lacre.signing.repositories import KeptMail
from tests.support.zapsign_desk import PDF_TEXT, Desk, Installation

GOLDEN = Path(__file__).with_name("partners_csv.csv")
PATH = "/api/v1/info-plan/partners-csv/"


@pytest.fixture
def partner(installation: Installation) -> Desk:
    return installation.desk(opens_accounts=True)


def _customer(partner: Desk, name: str) -> tuple[Any, Desk]:
    company = {"company_name": name, "country": "br", "lang": "pt-br"}
    made = partner.call("POST", "partner/company/", company)
    return made["id"], partner.installation.desk_of(made["api_token"])


def test_the_table_is_answered_as_in_its_file(partner: Desk) -> None:
    theirs, customer = _customer(partner, "=Cliente")
    partner.create()
    envelope = customer.create()["token"]
    extra = {"name": "Anexo", "base64_pdf": PDF_TEXT}
    customer.call("POST", f"docs/{envelope}/upload-extra-doc/", extra)
    unpaid = {"client_api_token": customer.token, "payment_status": "inadimplente"}
    partner.client.post("/api/v1/partner/update-payment-status/", json=unpaid)

    answer = partner.client.get(PATH)

    with partner.services.open_work() as work:
        mine = work.accounts.get(partner.account_id)
    wanted = GOLDEN.read_text().replace("MINE", str(mine.number)).replace("PARTNER", mine.name)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text == wanted.replace("THEIRS", str(theirs))


def test_messages_to_phones_and_certificates_are_counted(partner: Desk) -> None:
    made = partner.create(signers=[{"name": "A", "auth_mode": "certificadoDigital"}, {"name": "B"}])
    envelope = partner.envelope(made["token"])
    for position, means in enumerate((Identification.CERTIFICATE, Identification.LINK)):
        signed(partner, envelope, position, means)
    with partner.services.open_work() as work:
        for channel in ("sms", "whatsapp", "sms", "email"):
            work.mails.keep(message(partner, envelope, channel))

    line = partner.client.get(PATH).text.splitlines()[1].split(",")

    assert line[10:] == ["2", "1", "1", "0", "0", "0", "0"]


def signed(desk: Desk, envelope: Envelope, position: int, means: Identification) -> None:
    """As an act's entry in the log and its event say it."""
    signer_id = envelope.signers[position].id
    happened = [Happened(type=events.SIGNER_SIGNED, signer_id=signer_id)]
    now, by = desk.services.clock(), Actor(name="test")
    with desk.services.open_work() as work:
        announcing.announce(work, envelope, happened, by=by, now=now, detail={"identified_by": [means]})


def message(desk: Desk, envelope: Envelope, channel: str) -> KeptMail:
    return KeptMail(
        account_id=desk.account_id,
        envelope_id=envelope.id,
        signer_id=None,
        to="+5511999998888" if channel != "email" else "a@x.test",
        subject="",
        html="",
        text="",
        kind="code",
        at=desk.services.clock(),
        outcome="sent",
        detail="",
        facts={"channel": channel},
    )


def test_only_what_was_created_in_those_days_counts(partner: Desk) -> None:
    partner.create()
    partner.installation.clock.push(days=2)

    before, on_it, after = (
        partner.client.get(PATH, params={"start_date": day, "end_date": day}).text.splitlines()[1]
        for day in ("2026-11-22", "2026-11-23", "2026-11-24")
    )

    assert [line.split(",")[9] for line in (before, on_it, after)] == ["0", "1", "0"]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("start_date=2026-01-01&end_date=2026-03-01", "Date range cannot exceed 30 days"),
        ("start_date=2026-11-22&end_date=2026-11-20", "start_date must be less than or equal to end_date"),
        ("start_date=ontem", "Date must be in the format YYYY-MM-DD"),
        ("start_date=0001-01-01", "Date must be in the format YYYY-MM-DD"),
    ],
)
def test_days_that_are_none_or_too_many_are_refused(partner: Desk, query: str, problem: str) -> None:
    wanted = (400, {"non_field_errors": [problem]})

    assert partner.refused("GET", f"info-plan/partners-csv/?{query}") == wanted
