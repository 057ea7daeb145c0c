"""Signers with keys of their own: whether they may, and how their signature comes into the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.kit.refusal import Refusal
from lacre.signing import actions, certifying, errors
from lacre.signing.certificate import check
from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.ports import SealFailed
from tests.support.people import ANA, BRUNO, CARLA, LATER, bruno, carla, contract
from tests.support.seal_bench import CPF, Bench, certificate

BY_BRUNO = bruno(certificate=True)


# ── whether they may ─────────────────────────────────────────────────────────


def test_a_valid_certificate_of_the_signer_may_sign() -> None:
    check(certificate(), replace(BY_BRUNO, tax_id="529.982.247-25"), now=LATER)
    check(certificate(revoked=None), BY_BRUNO, now=LATER)
    check(certificate(company_tax_id="11222333000181"), replace(BY_BRUNO, tax_id="11222333000181"), now=LATER)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"begins_at": LATER + timedelta(seconds=1)}, errors.CertificateNotYetValid),
        ({"ends_at": LATER - timedelta(seconds=1)}, errors.CertificateExpired),
        ({"revoked": True}, errors.CertificateRevoked),
        ({"trusted": False}, errors.CertificateNotTrusted),
        ({"tax_id": ""}, errors.CertificateNameless),
        ({"tax_id": "11144477735"}, errors.CertificateOfAnother),
        ({"company_tax_id": "11222333000181"}, errors.CertificateOfAnother),
    ],
)
def test_any_other_says_what_is_wrong_with_it(said: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check(certificate(**said), replace(BY_BRUNO, tax_id=CPF), now=LATER)


# ── how it comes into the files ──────────────────────────────────────────────


def test_the_signers_key_signs_at_once_and_the_platform_over_it() -> None:
    bench = Bench(BY_BRUNO, carla())

    bench.certify(BRUNO, KEY)
    bench.seal()
    bench.sign(CARLA)
    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima by his key|+Bruno Lima|Carla Dias"
    assert bench.envelope().status is EnvelopeStatus.COMPLETED


def test_acts_that_wait_for_their_seal_are_sealed_before() -> None:
    bench = Bench(BY_BRUNO, carla())
    bench.sign(CARLA)

    bench.certify(BRUNO, KEY)
    bench.seal()

    assert bench.text() == "prepared 2|Carla Dias|Bruno Lima by his key|+Bruno Lima"


def test_whoever_signs_meanwhile_comes_first_and_the_key_signs_again() -> None:
    bench = Bench(BY_BRUNO, carla())
    bench.sealer.meanwhile = lambda: bench.sign(CARLA)

    bench.certify(BRUNO, KEY)
    bench.seal()

    assert [act.signer_id for act in bench.envelope().acts] == [CARLA, BRUNO]
    assert bench.text() == "prepared 2|Carla Dias|Bruno Lima by his key|+Bruno Lima"


def test_files_that_are_built_again_keep_the_signers_own_signature() -> None:
    bench = Bench(BY_BRUNO, carla())
    bench.certify(BRUNO, KEY)
    bench.sign(CARLA)
    bench.seal()

    with bench.world.open_work() as work:
        actions.reseal(work, work.envelopes.for_job(contract().id), by=ANA, now=LATER)
    bench.seal()

    assert bench.text() == "prepared 2|Bruno Lima by his key|+Bruno Lima|Carla Dias"


def test_after_it_signers_and_fields_change_no_more() -> None:
    bench = Bench(BY_BRUNO, carla())
    bench.certify(BRUNO, KEY)

    with pytest.raises(errors.CertificateSigned):
        bench.remove_carla()


def test_who_has_to_bring_a_certificate_signs_with_nothing_else() -> None:
    bench = Bench(BY_BRUNO, carla())

    with pytest.raises(errors.CertificateMissing):
        bench.sign(BRUNO)


def test_what_is_wrong_with_the_act_is_said_before_the_key_is_used() -> None:
    bench = Bench(bruno(certificate=True, email_code=True), carla())

    with pytest.raises(errors.IdentificationMissing):
        bench.certify(BRUNO, Untouchable())


def test_a_file_that_cannot_be_signed_leaves_nothing() -> None:
    bench = Bench(BY_BRUNO, carla())
    bench.sealer.fails = SealFailed(reason="broken", retry=False)

    with pytest.raises(certifying.NotSigned):
        bench.certify(BRUNO, KEY)

    assert bench.envelope().acts == []


class HisKey:
    chain: tuple[bytes, ...] = ()

    def sign(self, _content: bytes, /) -> bytes:
        return b"his key"


class Untouchable(HisKey):
    def sign(self, _content: bytes, /) -> bytes:
        raise AssertionError("the key was used")


KEY = HisKey()
