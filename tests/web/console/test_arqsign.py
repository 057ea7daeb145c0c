"""What the console has for ArqSIGN: three keys at once, webhooks in its manner, types that were stopped."""

from __future__ import annotations

import re

from lacre.dialects.arqsign.options import options_of
from lacre.kit.ids import AccountId
from lacre.signing import events
from lacre.webhooks.endpoint import Endpoint
from tests.support.house import House
from tests.support.visitor import Visitor, text_of

URL = "https://erp.example.test/arqsign"


def test_its_three_keys_are_shown_together_once(ana: Visitor, house: House, account: AccountId) -> None:
    page = ana.send("/app/keys", name="ERP", dialect="arqsign").text

    shown = re.findall(r'class="mono" readonly value="([^"]+)"', page)
    with house.services.open_work() as work:
        kept = {key.digest for key in work.accounts.keys(account)}
    assert len(shown) == 3
    assert {house.services.tokens.digest(key) for key in shown} == kept
    assert "SubscriptionKey" in page


def test_a_webhook_is_made_and_changed_in_its_manner(ana: Visitor, house: House, account: AccountId) -> None:
    made = ana.send(
        "/app/endpoints/new",
        url=URL,
        dialect="arqsign",
        **{"types-arqsign": "ProcessoConcluido", "told-arqsign": "1", "include-arqsign": "envelope"},
        **{"files-arqsign": "base64", "record_files-arqsign": "none", "sent-arqsign": "1"},
        **{"names-arqsign": "camel", "answer-arqsign": "waited_for"},
    )

    endpoint = _endpoint(house, account)
    options = options_of(endpoint)
    assert "whsec_" in made.text
    assert endpoint.types == ("ProcessoConcluido",)
    assert (options.waits, options.case) == (True, "camel")
    assert (options.returned.processo, options.returned.signatarios) == (True, False)
    assert (options.returned.documentos_tipo, options.returned.registros_assinatura) == (1, False)
    page = text_of(ana.open(f"/app/endpoints/{endpoint.id}"))
    assert "idProcesso" in page
    ana.open(f"/app/endpoints/{endpoint.id}/advanced")


def test_what_was_stopped_is_shown_and_told_again(ana: Visitor, house: House, account: AccountId) -> None:
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    endpoint = _endpoint(house, account)
    endpoint.stopped_types = (events.ENVELOPE_COMPLETED,)
    with house.services.open_work() as work:
        work.endpoints.save(endpoint)

    page = text_of(ana.open(f"/app/endpoints/{endpoint.id}"))
    ana.send(f"/app/endpoints/{endpoint.id}/resume")

    assert "O seu sistema não é mais avisado disto" in page
    assert _endpoint(house, account).stopped_types == ()


def test_names_that_a_system_knows_otherwise_are_written_in_its_form(
    ana: Visitor, house: House, account: AccountId
) -> None:
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    page = f"/app/endpoints/{_endpoint(house, account).id}/advanced"
    own = {"event_3-arqsign": "AssinadoPorUm", "event_8-arqsign": "", "file_link-arqsign": "urlArquivo"}

    ana.send(page, **{"sent-arqsign": "1"}, **own)
    refused = ana.send(page, **{"sent-arqsign": "1", "event_3-arqsign": "Assinado por um"})

    options = options_of(_endpoint(house, account))
    assert (options.names, options.fields) == (
        {3: "AssinadoPorUm"},
        {"linkParaBaixarDocumento": "urlArquivo"},
    )
    assert refused.status_code == 422
    assert 'value="AssinadoPorUm"' in ana.open(page).text


def test_its_address_and_name_are_changed_in_its_form(ana: Visitor, house: House, account: AccountId) -> None:
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    page = f"/app/endpoints/{_endpoint(house, account).id}/advanced"

    ana.send(page, url=f"{URL}/novo", description="Conclusão")
    refused = ana.send(page, url="ftp://x", description="Outro")

    changed = _endpoint(house, account)
    assert (changed.url, changed.description) == (f"{URL}/novo", "Conclusão")
    assert refused.status_code == 422
    assert 'value="ftp://x"' in refused.text


def _endpoint(house: House, account: AccountId) -> Endpoint:
    with house.services.open_work() as work:
        (endpoint,) = work.endpoints.of_account(account)
    return endpoint
