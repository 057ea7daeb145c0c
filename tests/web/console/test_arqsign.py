"""What the console has for ArqSIGN: three keys at once, webhooks in its manner, types that were stopped."""

from __future__ import annotations

import re

import httpx2

from lacre.accounts.group import Group
from lacre.dialects.arqsign.choosing import narrow
from lacre.dialects.arqsign.options import options_of
from lacre.kit.ids import AccountId, GroupId, UserId, new_uuid
from lacre.signing import events
from lacre.signing.folder import place_id
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.narrowing import Narrowing, Sender
from tests.support.house import House
from tests.support.visitor import Visitor, text_of

URL = "https://erp.example.test/arqsign"


def test_its_three_keys_are_shown_together_once(ana: Visitor, house: House, account: AccountId) -> None:
    page = ana.send("/app/keys", name="ERP", dialect="arqsign").text

    shown = shown_keys(page)
    with house.services.open_work() as work:
        kept = {key.digest for key in work.accounts.keys(account)}
    assert len(shown) == 3
    assert {house.services.tokens.digest(key) for key in shown} == kept
    assert "SubscriptionKey" in page


def test_each_of_its_keys_is_renewed_without_the_others(ana: Visitor, house: House) -> None:
    first, second, third = shown_keys(ana.send("/app/keys", name="ERP", dialect="arqsign").text)

    (app_key,) = shown_keys(renew(ana, "AppKey", first).text)
    (subscription_key,) = shown_keys(renew(ana, "SubscriptionKey", second).text)

    pairs = [(app_key, subscription_key), (app_key, third), (first, third), (app_key, second)]
    assert [status_of(house, *pair) for pair in pairs] == [200, 200, 401, 401]


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


def test_a_webhook_is_narrowed_and_widened_again(ana: Visitor, house: House, account: AccountId) -> None:
    sales = _group(house, account, "Vendas")
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    page = f"/app/endpoints/{_endpoint(house, account).id}"

    ana.send(f"{page}/advanced", **{"narrowed-arqsign": "1", "senders-arqsign": ana.user.id})
    by_ana = options_of(_endpoint(house, account)).narrowing
    root = place_id(account, "/")
    ana.send(
        f"{page}/advanced", **{"narrowed-arqsign": "1", "groups-arqsign": sales, "folders-arqsign": root}
    )
    said, by_sales = text_of(ana.open(page)), options_of(_endpoint(house, account)).narrowing
    ana.send(f"{page}/advanced", **{"narrowed-arqsign": "1"})

    assert by_ana == Narrowing(senders=(Sender(id=ana.user.id, email=ana.user.email),))
    assert by_sales == Narrowing(groups=(sales,), folders=(root,))
    assert "de alguém de Vendas · em Raiz" in said
    assert options_of(_endpoint(house, account)).narrowing == Narrowing()


def test_a_new_webhook_is_narrowed_in_its_form(ana: Visitor, house: House, account: AccountId) -> None:
    narrowed = {"narrowed-arqsign": "1", "senders-arqsign": ana.user.id}

    refused = ana.send("/app/endpoints/new", url="ftp://x", dialect="arqsign", **narrowed)
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign", **narrowed)

    assert f'name="senders-arqsign" value="{ana.user.id}" checked' in refused.text
    assert [one.id for one in options_of(_endpoint(house, account)).senders] == [ana.user.id]


def test_what_a_webhook_is_narrowed_to_stays_when_it_is_gone(
    ana: Visitor, house: House, account: AccountId
) -> None:
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    endpoint = _endpoint(house, account)
    gone = Narrowing(
        senders=(Sender(id=UserId(new_uuid()), email="bruno@example.test"),), groups=(GroupId(new_uuid()),)
    )
    narrow(endpoint, gone)
    with house.services.open_work() as work:
        work.endpoints.save(endpoint)
    form = ana.open(f"/app/endpoints/{endpoint.id}/advanced").text
    ticked = dict(re.findall(r'name="(senders|groups)-arqsign" value="([^"]+)" checked', form))

    ana.send(
        f"/app/endpoints/{endpoint.id}/advanced",
        **{"narrowed-arqsign": "1"},
        **{f"{name}-arqsign": value for name, value in ticked.items()},
    )

    assert "um grupo que foi excluído" in form
    assert options_of(_endpoint(house, account)).narrowing == gone


def test_nobody_narrows_to_people_of_another_account(
    ana: Visitor, davi: Visitor, house: House, account: AccountId
) -> None:
    ana.send("/app/endpoints/new", url=URL, dialect="arqsign")
    page = f"/app/endpoints/{_endpoint(house, account).id}/advanced"

    ana.send(page, **{"narrowed-arqsign": "1", "senders-arqsign": davi.user.id})

    assert options_of(_endpoint(house, account)).narrowing == Narrowing()


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


def _group(house: House, account: AccountId, name: str) -> GroupId:
    made = Group(
        id=GroupId(new_uuid()), account_id=account, name=name, members=(), created_at=house.services.clock()
    )
    with house.services.open_work() as work:
        work.groups.keep(made)
    return made.id


def _endpoint(house: House, account: AccountId) -> Endpoint:
    with house.services.open_work() as work:
        (endpoint,) = work.endpoints.of_account(account)
    return endpoint


def shown_keys(page: str) -> list[str]:
    return re.findall(r'class="mono" readonly value="([^"]+)"', page)


def renew(ana: Visitor, kind: str, key: str) -> httpx2.Response:
    """By its row of the list, which says which of the two kinds it is."""
    page = ana.open("/app/keys").text
    row = next(one for one in page.split("<tr data-row>") if f"…{key[-4:]}<" in one)
    assert f"ArqSIGN ({kind})" in row
    found = re.search(r'href="#renew-([^"]+)"', row)
    assert found is not None
    return ana.send(f"/app/keys/{found[1]}/renew")


def status_of(house: House, app_key: str, subscription_key: str) -> int:
    headers = {"AppKey": app_key, "SubscriptionKey": subscription_key}
    with httpx2.Client(base_url=house.url, headers=headers, trust_env=False, timeout=120) as client:
        return client.get("/api/v1/conta/papeis-signatarios").status_code
