"""Every way in which sending a note can end, against a Sefin that lets it end so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lacre.engines.nfse import NationalOffice, Places
from lacre.engines.nfse.places import sandbox_at
from lacre.engines.sefin import Fault, SandboxAuthority
from lacre.engines.sefin.faults import Kind
from lacre.fiscal.note import Substitution
from lacre.fiscal.ports import (
    Accepted,
    CertificateRefused,
    NotIssued,
    Refused,
    Rejected,
    Signed,
    Unknown,
    Unreachable,
)
from tests.support.sefin import COMPANY, PASSWORD, SAO_PAULO, SefinDesk, certificate_of


def test_an_accepted_note_has_key_number_time_and_xml(desk: SefinDesk) -> None:
    signed = desk.signed()

    note = desk.office.issue(signed, desk.certificate)

    assert isinstance(note, Accepted)
    assert len(note.key) == 50
    assert note.number.isdigit()
    assert note.processed_at.tzinfo is not None
    assert signed.id.encode() in note.xml


def test_a_rejection_has_code_text_and_what_to_do(desk: SefinDesk) -> None:
    service = replace(desk.new_note().service, national_code="990000")

    rejected = desk.office.issue(desk.signed(service=service), desk.certificate)

    assert isinstance(rejected, Rejected)
    (error,) = rejected.errors
    assert error.code == "E0310"
    assert "não existe" in error.text
    assert "código de tributação nacional" in error.remedy
    assert b"erros" in rejected.exchange


def test_the_same_declaration_sent_twice_is_one_note(desk: SefinDesk) -> None:
    signed = desk.signed()

    first = desk.office.issue(signed, desk.certificate)
    second = desk.office.issue(signed, desk.certificate)

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert second.key == first.key
    assert len([note for note in desk.sefin.ledger.notes() if note.dps_id == signed.id]) == 1


def test_a_number_that_another_note_took_is_a_rejection(desk: SefinDesk) -> None:
    note = desk.new_note()
    desk.issued(number=note.number)
    other = replace(note, service=replace(note.service, description="Outra coisa"))

    signed = desk.office.sign(desk.office.build(other), desk.certificate)  # type: ignore[arg-type]

    assert isinstance(signed, Signed)
    for outcome in (
        desk.office.issue(signed, desk.certificate),
        desk.office.look_up(signed, desk.certificate),
    ):
        assert isinstance(outcome, Rejected)
        assert outcome.errors[0].code == "E0014"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=Kind.SILENT_AFTER),
        Fault(kind=Kind.STATUS_AFTER, value=500),
        Fault(kind=Kind.STATUS_AFTER, value=502),
        Fault(kind=Kind.STATUS_AFTER, value=504),
        Fault(kind=Kind.GARBAGE),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.value:.0f}",
)
def test_an_answer_lost_after_acceptance_is_not_known_and_then_found(desk: SefinDesk, fault: Fault) -> None:
    desk.sefin.faults.plan(fault)
    signed = desk.signed()

    outcome = desk.office.issue(signed, desk.certificate)
    found = desk.office.look_up(signed, desk.certificate)

    assert isinstance(outcome, Unknown)
    assert isinstance(found, Accepted)
    assert signed.id.encode() in found.xml


@pytest.mark.parametrize(
    "fault", [Fault(kind=Kind.SILENT_BEFORE), Fault(kind=Kind.STATUS, value=503)], ids=["silent", "503"]
)
def test_an_answer_lost_before_anything_was_done_is_not_known_and_then_not_found(
    desk: SefinDesk, fault: Fault
) -> None:
    desk.sefin.faults.plan(fault)
    signed = desk.signed()

    outcome = desk.office.issue(signed, desk.certificate)
    found = desk.office.look_up(signed, desk.certificate)
    again = desk.office.issue(signed, desk.certificate)

    assert isinstance(outcome, Unknown)
    assert isinstance(found, NotIssued)
    assert isinstance(again, Accepted)


def test_a_slow_answer_is_an_answer(desk: SefinDesk) -> None:
    desk.sefin.faults.plan(Fault(kind=Kind.SLOW, value=0.3))

    assert isinstance(desk.office.issue(desk.signed(), desk.certificate), Accepted)


def test_too_many_requests_may_be_made_again_as_late_as_they_say(desk: SefinDesk) -> None:
    desk.sefin.faults.plan(Fault(kind=Kind.STATUS, value=429))

    outcome = desk.office.issue(desk.signed(), desk.certificate)

    assert isinstance(outcome, Unreachable)


def test_nobody_at_the_address_means_nothing_was_sent(desk: SefinDesk) -> None:
    nowhere = NationalOffice(Places(sandbox=sandbox_at("https://127.0.0.1:9", None)), desk.http)
    signed = desk.signed()

    assert isinstance(nowhere.issue(signed, desk.certificate), Unreachable)
    assert isinstance(nowhere.look_up(signed, desk.certificate), Unreachable)


def test_a_server_that_we_do_not_trust_is_told_nothing(desk: SefinDesk) -> None:
    doubting = NationalOffice(Places(sandbox=sandbox_at(desk.sefin.url, None)), desk.http)
    signed = desk.signed()

    assert isinstance(doubting.issue(signed, desk.certificate), Unreachable)
    assert isinstance(desk.office.look_up(signed, desk.certificate), NotIssued)


def test_a_certificate_that_they_do_not_know_is_refused_in_the_handshake(desk: SefinDesk) -> None:
    strange = certificate_of(SandboxAuthority.made().company("X", COMPANY), "")

    signed = desk.office.sign(desk.draft(), strange)

    assert isinstance(signed, Signed)
    assert isinstance(desk.office.issue(signed, strange), CertificateRefused)
    assert isinstance(desk.office.look_up(signed, strange), CertificateRefused)


def test_another_companys_certificate_signs_nothing_of_this_one(desk: SefinDesk) -> None:
    other = certificate_of(desk.sefin.authority.company("OUTRA", "11444777000161", password=PASSWORD))

    refused = desk.office.sign(desk.draft(), other)

    assert isinstance(refused, Refused)
    assert refused.problems[0].code == "other_company"


def test_a_branch_signs_with_the_head_offices_certificate(desk: SefinDesk) -> None:
    branch = certificate_of(desk.sefin.authority.company("FILIAL", "11222333000262", password=PASSWORD))

    signed = desk.office.sign(desk.draft(), branch)

    assert isinstance(signed, Signed)
    assert isinstance(desk.office.issue(signed, branch), Accepted)


def test_whoever_is_no_party_of_a_note_learns_only_that_it_exists(desk: SefinDesk) -> None:
    signed = desk.signed()
    desk.office.issue(signed, desk.certificate)
    stranger = certificate_of(desk.sefin.authority.company("OUTRA", "11444777000161", password=PASSWORD))

    found = desk.office.look_up(signed, stranger)

    assert isinstance(found, Rejected)


def test_a_note_in_anothers_place_cancels_it(desk: SefinDesk) -> None:
    first = desk.issued()
    replaced = desk.issued(replaces=Substitution(key=first.key, reason="99", text="Valor informado errado"))
    twice = desk.office.issue(
        desk.signed(replaces=Substitution(key=first.key, reason="99", text="Valor informado errado")),
        desk.certificate,
    )

    kept = desk.sefin.ledger.by_key(first.key)
    assert kept is not None
    assert kept.cancelled == "105102"
    assert replaced.key != first.key
    assert isinstance(twice, Rejected)
    assert twice.errors[0].code == "E0046"


def test_numbers_of_notes_follow_each_other_per_issuer_and_city(desk: SefinDesk) -> None:
    provider = replace(desk.new_note().provider, city_code=SAO_PAULO)

    numbers = [desk.issued(provider=provider).number for _ in range(3)]

    assert [int(number) - int(numbers[0]) for number in numbers] == [0, 1, 2]
