"""The seal, step by step, with a sealer that writes text instead of PDFs."""

from __future__ import annotations

import pytest

from lacre.signing import actions, events, schedule, sealing
from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.layout import FieldKind
from lacre.signing.ports import SealFailed, SealLevel
from lacre.signing.structure import values_of
from tests.support.people import ANA, BRUNO, CARLA, LATER, act_of, contract, field_for
from tests.support.seal_bench import Bench


def test_nothing_is_sealed_before_somebody_signs() -> None:
    assert sealing.next_step(contract()) is None


def test_each_act_is_a_step_and_the_last_one_completes() -> None:
    bench = Bench()

    bench.sign(BRUNO)
    bench.seal()
    after_first = bench.envelope()
    bench.sign(CARLA)
    bench.seal()

    assert after_first.status is EnvelopeStatus.PENDING
    assert after_first.documents[0].sealed_acts == 1
    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.told()[-2:] == [events.ACT_SEALED, events.ENVELOPE_COMPLETED]
    assert bench.told().count(events.ACT_SEALED) == 2


def test_ten_acts_at_once_are_sealed_by_one_job() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)

    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.envelope().status is EnvelopeStatus.COMPLETED


def test_sealing_again_changes_nothing() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.seal()
    before = bench.told()

    bench.seal()

    assert bench.told() == before


def test_completion_commits_with_the_files_or_not_at_all() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)
    bench.seal_until(1)
    bench.world.breaks.append(OSError("power"))

    with pytest.raises(OSError, match="power"):
        bench.seal(break_at_record=True)
    half = bench.envelope()
    bench.seal()

    assert (half.status, half.record, half.documents[0].sealed_acts) == (EnvelopeStatus.PENDING, None, 1)
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_failed_seal_is_a_value_and_leaves_the_envelope_as_it_was() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sealer.fails = SealFailed(reason="disk full", retry=True)

    failed = bench.seal()

    assert failed == SealFailed(reason="disk full", retry=True)
    assert bench.envelope().documents[0].sealed is None


def test_a_change_of_signers_builds_the_files_from_the_original_again() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.seal()
    with bench.world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        actions.remove_signer(work, envelope, CARLA, by=ANA, now=LATER)

    bench.seal()

    assert bench.text() == "prepared 1|Bruno Lima"
    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert bench.told()[-2:] == [events.FILES_REBUILT, events.ENVELOPE_COMPLETED]


def test_a_change_while_the_seal_was_made_drops_that_step_and_makes_it_again() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sealer.meanwhile = bench.remove_carla

    bench.seal()

    assert bench.text() == "prepared 1|Bruno Lima"
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_complete_envelope_can_be_built_again_and_stays_complete() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.sign(CARLA)
    bench.seal()
    with bench.world.open_work() as work:
        actions.reseal(work, work.envelopes.for_job(contract().id), by=ANA, now=LATER)

    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima|Carla Dias"
    assert bench.told()[-1] == events.FILES_REBUILT
    assert bench.told().count(events.ENVELOPE_COMPLETED) == 1


def test_a_missing_timestamp_completes_and_is_owed() -> None:
    bench = Bench()
    bench.sealer.wanted = SealLevel.B_T
    bench.sign(BRUNO)
    bench.sign(CARLA)

    bench.seal()

    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert schedule.UPGRADE in {row.kind for row in bench.world.rows.jobs}


def test_the_record_names_the_file_that_a_late_timestamp_made() -> None:
    bench = Bench()
    bench.sealer.wanted = SealLevel.B_T
    bench.sign(BRUNO)
    bench.sign(CARLA)
    bench.seal()
    before = bench.record()

    bench.upgrade()

    assert bench.text().endswith("|stamped")
    assert bench.record() != before
    assert str(bench.envelope().documents[0].sealed) in bench.record()


def test_a_late_timestamp_before_the_last_act_makes_no_record() -> None:
    bench = Bench()
    bench.sealer.wanted = SealLevel.B_T
    bench.sign(BRUNO)
    bench.seal()

    bench.upgrade()

    assert bench.envelope().record is None


def test_a_file_that_came_with_signatures_gains_no_page() -> None:
    bench = Bench(came_signed=2)
    bench.sign(BRUNO)

    bench.seal()

    assert bench.text() == "prepared 2 without pages|Bruno Lima"


def test_who_came_to_observe_only_lets_the_envelope_complete() -> None:
    bench = Bench()
    bench.sign(BRUNO)
    bench.seal()

    bench.let_carla_observe()
    bench.seal()

    assert bench.envelope().status is EnvelopeStatus.COMPLETED
    assert bench.text() == "prepared 1|Bruno Lima"


def test_what_was_typed_for_a_file_that_came_signed_has_no_place_in_it() -> None:
    envelope = contract()
    envelope.documents[0].came_signed = 1
    envelope.fields = [field_for(BRUNO, FieldKind.NAME)]

    assert values_of(envelope, envelope.documents[0], act_of(BRUNO)) == {}
