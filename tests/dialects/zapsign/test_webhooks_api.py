"""Webhooks created, given headers and deleted; and what then is on its way to them."""

from __future__ import annotations

from msgspec.structs import replace

from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.signing import events
from lacre.webhooks import actions
from lacre.webhooks.promise import Terms
from tests.support.zapsign import as_object
from tests.support.zapsign_desk import Desk, endpoints_of

HOOK = {"url": "https://client.test/hook"}


def _hook(desk: Desk, **said: object) -> int:
    number = desk.call("POST", "user/company/webhook/", HOOK | said)["id"]
    assert isinstance(number, int)
    return number


def test_a_webhook_without_a_type_listens_to_all(desk: Desk) -> None:
    _hook(desk, type="")
    made = desk.create()

    assert desk.deliveries(made["token"]) == [events.ENVELOPE_CREATED]


def test_a_webhook_of_one_type_hears_that_alone(desk: Desk) -> None:
    _hook(desk, type="doc_signed")
    made = desk.create()

    desk.sign(made["token"], 0)

    assert desk.deliveries(made["token"]) == [events.ACT_SEALED]


def test_a_webhook_of_one_document_hears_of_no_other(desk: Desk) -> None:
    mine, other = desk.create(), desk.create()
    _hook(desk, doc_token=mine["token"])

    for made in (mine, other):
        desk.sign(made["token"], 0)

    assert (desk.deliveries(mine["token"]), desk.deliveries(other["token"])) == ([events.ACT_SEALED], [])


def test_headers_are_kept_added_replaced_and_deleted(desk: Desk) -> None:
    number = _hook(desk, headers=[{"name": "Authorization", "value": "Bearer a"}])

    added = [{"name": "authorization", "value": "Bearer b"}, {"name": "X-Ped", "value": "1"}]
    desk.call("POST", "user/company/webhook/header/", {"id": str(number), "headers": added})
    kept = endpoints_of(desk)[0].secrets.headers
    answer = desk.client.request("DELETE", "/api/v1/user/company/webhook/header/delete/", json={"id": number})

    assert kept == (("authorization", "Bearer b"), ("X-Ped", "1"))
    assert (answer.status_code, answer.text) == (200, "Headers deletados com sucesso")
    assert endpoints_of(desk)[0].secrets.headers == ()


def test_a_deleted_webhook_hears_nothing_more_and_is_not_there(desk: Desk) -> None:
    number = _hook(desk)
    path = "/api/v1/user/company/webhook/delete/"

    answer = desk.client.request("DELETE", path, json={"id": number})

    assert (answer.status_code, answer.text) == (200, "Webhook deletado com sucesso")
    assert desk.deliveries(desk.create()["token"]) == []
    assert desk.client.request("DELETE", path, json={"id": number}).status_code == 404


def test_another_accounts_webhook_is_not_there(desk: Desk, stranger: Desk) -> None:
    number = _hook(desk)

    for said in ({"id": number}, {"id": 10**30}, {"id": -1}):
        status, why = stranger.refused("DELETE", "user/company/webhook/delete/", said)
        assert (status, why) == (404, {"detail": "Não encontrado."})


def test_what_could_never_be_sent_is_refused(desk: Desk) -> None:
    path = "user/company/webhook/"

    assert desk.refused("POST", path, {})[0] == 400
    assert desk.refused("POST", path, {"url": "ftp://client.test/"})[0] == 400
    assert desk.refused("POST", path, HOOK | {"type": "doc_sined"})[0] == 400
    assert desk.refused("POST", path, HOOK | {"headers": [{"name": "Host", "value": "x"}]})[0] == 400
    assert desk.refused("POST", path, HOOK | {"headers": [{"name": "A", "value": "x\r\nB: y"}]})[0] == 400
    assert desk.refused("POST", path, HOOK | {"doc_token": "nada"})[0] == 404


def test_a_webhook_of_one_template_hears_of_no_other_document(desk: Desk) -> None:
    template = "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"
    _hook(desk, template_token=template)
    made = desk.create()

    (endpoint,) = endpoints_of(desk)
    (kept,) = [one for one in desk.events(made["token"]) if one.event.type == events.ENVELOPE_CREATED]
    envelope = {**as_object(kept.event.facts["envelope"]), "template_id": template}
    of_template = replace(kept.event, facts={"envelope": envelope})

    assert desk.deliveries(made["token"]) == []
    assert ZapsignWording().listens(endpoint, of_template)
    assert desk.refused("POST", "user/company/webhook/", HOOK | {"template_token": "x"})[0] == 404


def test_what_the_account_chose_holds_for_its_webhooks(desk: Desk, stranger: Desk) -> None:
    _hook(desk)
    _hook(stranger)
    with desk.services.open_work() as work:
        actions.agree(work, desk.account_id, Terms(retry=(60,) * 2))

    mine, theirs = (ZapsignWording().promise(endpoints_of(one)[0]) for one in (desk, stranger))

    assert (len(mine.waits), len(theirs.waits)) == (2, 29)
