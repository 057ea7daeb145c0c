"""POST partner/update-payment-status/: a partner suspends a customer who does not pay, and lifts it."""

from __future__ import annotations

import pytest

from tests.support.zapsign_desk import PDF_TEXT, Desk, Installation, text_of

PATH = "partner/update-payment-status/"
DOC = {"name": "Locação", "base64_pdf": PDF_TEXT, "signers": [{"name": "Bruno"}]}


@pytest.fixture
def partner(installation: Installation) -> Desk:
    return installation.desk(opens_accounts=True)


@pytest.fixture
def customer(partner: Desk) -> Desk:
    company = {"company_name": "Cliente", "country": "br", "lang": "pt-br"}
    made = partner.call("POST", "partner/company/", company)
    return partner.installation.desk_of(made["api_token"])


def _put(partner: Desk, token: str, status: str) -> tuple[int, str]:
    return text_of(partner, "POST", PATH, {"client_api_token": token, "payment_status": status})


def test_who_does_not_pay_creates_no_documents_until_they_do(partner: Desk, customer: Desk) -> None:
    signed_before = customer.create()

    said = _put(partner, customer.token, "inadimplente")
    refused = customer.refused("POST", "docs/", DOC)
    _put(partner, customer.token, "adimplente")

    assert said == (200, "Status atualizado com sucesso.")
    assert refused == (402, {"error": "Payment Required"})
    assert customer.create()["token"]
    assert customer.call("GET", f"docs/{signed_before['token']}/")["status"] == "pending"


def test_a_stranger_is_no_customer(partner: Desk, stranger: Desk) -> None:
    text = "A organização especificada não é parceira da organização atual."

    assert _put(partner, stranger.token, "inadimplente") == (403, text)
    assert stranger.create()["token"]


def test_an_unknown_token_names_no_organisation(partner: Desk) -> None:
    assert _put(partner, "nobody's", "adimplente") == (404, "A organização especificada não foi encontrada.")


def test_no_other_status_can_be_put(partner: Desk, customer: Desk) -> None:
    said = {"client_api_token": customer.token, "payment_status": "talvez"}

    assert partner.refused("POST", PATH, said)[1]["data"] == {"payment_status": ["Este campo não é válido."]}
