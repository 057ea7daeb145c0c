"""POST docs/{token}/reprocess-doc/: the webhook again, the sealed file again, or one after the other."""

from __future__ import annotations

from sqlalchemy import delete, select

from lacre.signing import events
from lacre.signing.envelope import Envelope, Happened
from lacre.store import tables
from tests.store.test_isolation import delivered
from tests.support.zapsign_desk import Desk

ANSWER = {
    "message": "Documento reprocessado com sucesso. Lembrete: este endpoint é assíncrono, então aguarde os"
    " PDF finais ficarem prontos via webhooks ou confira-os daqui alguns minutos."
}


def _signed(desk: Desk) -> str:
    desk.call("POST", "user/company/webhook/", {"url": "https://client.test/hook", "type": "doc_signed"})
    token = str(desk.create()["token"])
    for position in (0, 1):
        desk.sign(token, position)
    _arrived(desk)
    return token


def _arrived(desk: Desk) -> None:
    """Whatever was on its way: it would not be sent twice."""
    with desk.services.open_work() as work:
        held = work.deliveries.claim("worker", now=desk.services.clock(), limit=999, per_endpoint=999)
        work.deliveries.settle("worker", [delivered(one) for one in held])


def _rebuilt(desk: Desk, token: str) -> None:
    """What the seal job says once it has built the files again."""

    def files_rebuilt(envelope: Envelope) -> list[Happened]:
        envelope.documents[0].sealed_structure = envelope.structure
        return [Happened(type=events.FILES_REBUILT)]

    desk.change(token, files_rebuilt)


def test_nothing_asked_is_nothing_done(desk: Desk) -> None:
    token = _signed(desk)

    assert desk.call("POST", f"docs/{token}/reprocess-doc/", {}) == ANSWER

    assert desk.deliveries(token) == [events.ACT_SEALED] * 2
    assert desk.envelope(token).structure == 0


def test_the_webhook_of_how_it_stands_goes_again(desk: Desk) -> None:
    token = _signed(desk)

    assert desk.call("POST", f"docs/{token}/reprocess-doc/", {"send_webhook": True}) == ANSWER

    assert desk.deliveries(token) == [events.ACT_SEALED] * 3


def test_a_webhook_that_is_on_its_way_is_not_sent_twice(desk: Desk) -> None:
    token = _signed(desk)

    for _ in range(2):
        desk.call("POST", f"docs/{token}/reprocess-doc/", {"send_webhook": True})

    assert desk.deliveries(token) == [events.ACT_SEALED] * 3


def test_a_new_file_alone_sends_no_webhook(desk: Desk) -> None:
    token = _signed(desk)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True})
    _rebuilt(desk, token)

    assert desk.envelope(token).structure == 1
    assert desk.deliveries(token) == [events.ACT_SEALED] * 2


def test_with_both_the_webhook_goes_once_the_new_file_is_there(desk: Desk) -> None:
    token = _signed(desk)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True, "send_webhook": True})
    before = desk.deliveries(token)
    _rebuilt(desk, token)

    assert before == [events.ACT_SEALED] * 2
    assert desk.deliveries(token) == [events.ACT_SEALED] * 2 + [events.FILES_REBUILT]


def test_asking_again_quietly_does_not_hush_a_webhook_that_was_asked_for(desk: Desk) -> None:
    token = _signed(desk)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True, "send_webhook": True})
    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True})
    _rebuilt(desk, token)

    assert desk.deliveries(token)[2:] == [events.FILES_REBUILT]


def test_after_a_quiet_rebuild_the_webhook_can_still_be_asked_for(desk: Desk) -> None:
    token = _signed(desk)
    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True})
    _rebuilt(desk, token)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"send_webhook": True})

    assert desk.deliveries(token) == [events.ACT_SEALED] * 3


def test_with_nothing_signed_both_flags_send_the_webhook_at_once(desk: Desk) -> None:
    desk.call("POST", "user/company/webhook/", {"url": "https://client.test/hook"})
    token = str(desk.create()["token"])
    _arrived(desk)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True, "send_webhook": True})

    assert desk.deliveries(token) == [events.ENVELOPE_CREATED] * 2


def test_however_often_it_is_asked_one_file_is_built_and_one_webhook_sent(desk: Desk) -> None:
    token = _signed(desk)
    both = {"resign_doc": True, "send_webhook": True}

    for _ in range(5):
        assert desk.call("POST", f"docs/{token}/reprocess-doc/", both) == ANSWER
    _rebuilt(desk, token)

    assert desk.envelope(token).structure == 1
    assert desk.deliveries(token)[2:] == [events.FILES_REBUILT]


def test_a_webhook_asked_for_while_a_quiet_rebuild_runs_goes_once_the_file_is_there(desk: Desk) -> None:
    token = _signed(desk)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True})
    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True, "send_webhook": True})
    _rebuilt(desk, token)

    assert desk.deliveries(token)[2:] == [events.FILES_REBUILT]


def test_the_evidence_is_not_touched(desk: Desk) -> None:
    token = _signed(desk)
    before = desk.envelope(token).acts

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"resign_doc": True, "send_webhook": True})
    _rebuilt(desk, token)

    assert desk.envelope(token).acts == before


def test_a_document_whose_events_are_no_longer_kept_is_told_as_it_stands(desk: Desk) -> None:
    token = _signed(desk)
    _forget_events(desk, token)

    desk.call("POST", f"docs/{token}/reprocess-doc/", {"send_webhook": True})

    (told,) = desk.events(token)
    assert told.event.type == events.FILES_REBUILT
    assert len(desk.deliveries(token)) == 1


def _forget_events(desk: Desk, token: str) -> None:
    """As retention does after a year."""
    with desk.services.open_work() as work:
        run = work.accounts._transaction.write  # type: ignore[attr-defined]
        ours = select(tables.event.c.id).where(tables.event.c.subject_id == token)
        of_ours = select(tables.delivery.c.id).where(tables.delivery.c.event_id.in_(ours))
        run(delete(tables.attempt).where(tables.attempt.c.delivery_id.in_(of_ours)))
        run(delete(tables.delivery).where(tables.delivery.c.event_id.in_(ours)))
        run(delete(tables.event).where(tables.event.c.subject_id == token))


def test_an_unknown_document_is_404(desk: Desk) -> None:
    path = "docs/0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30/reprocess-doc/"

    assert desk.refused("POST", path, {}) == (404, {"detail": "Não encontrado."})
