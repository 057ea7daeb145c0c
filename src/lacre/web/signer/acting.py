"""From a filled form to an act: pictures are kept before the transaction, which only names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lacre.kit.ids import ActId
from lacre.services import Services
from lacre.signing import actions, certificate, certifying, errors, identifying, photographing
from lacre.signing.evidence import (
    TERMS_VERSION,
    Act,
    Evidence,
    Identification,
    Mark,
    MarkKind,
    Origin,
)
from lacre.signing.identifying import identified_by
from lacre.signing.ports import NotOpened, OpenedKey
from lacre.signing.signer import Signer
from lacre.web.signer.forms import Holding, MarkForm, SignatureForm


def sign(services: Services, token: str, filled: SignatureForm, signer: Signer, *, origin: Origin) -> None:
    now = services.clock()
    act = Act(
        id=ActId(services.tokens.uuid()),
        signer_id=signer.id,
        evidence=_evidence(services, filled, signer, origin=origin, now=now),
        mark=_kept(services, filled.mark),
        initials=_kept(services, filled.initials) if filled.initials else None,
        values=filled.values,
    )
    if filled.holding is not None:
        _sign_by_certificate(services, token, act, filled, signer)
        return
    with services.open_work() as work:
        actions.sign(work, token, act, particulars=filled.particulars, now=now)


def _evidence(
    services: Services, filled: SignatureForm, signer: Signer, *, origin: Origin, now: datetime
) -> Evidence:
    return Evidence(
        at=now,
        time_source=services.time_source(),
        origin=origin,
        identified_by=(*identified_by(signer), *photographing.proofs(signer)),
        seen=filled.seen,
        terms_version=TERMS_VERSION if filled.accepted else "",
        latitude=filled.latitude if filled.longitude else None,
        longitude=filled.longitude if filled.latitude else None,
        photos=photographing.digests(signer),
    )


def _sign_by_certificate(
    services: Services, token: str, act: Act, filled: SignatureForm, signer: Signer
) -> None:
    evidence = act.evidence
    opened = _opened(services, filled.holding, token, signer, origin=evidence.origin, now=evidence.at)
    proofs = (*evidence.identified_by, Identification.CERTIFICATE)
    evidence = replace(evidence, identified_by=proofs, certificate=opened.certificate)
    certifying.sign(
        services.open_work,
        services.seal_tools,
        token,
        replace(act, evidence=evidence),
        opened.key,
        particulars=replace(filled.particulars, tax_id=opened.certificate.holder_tax_id),
        now=evidence.at,
    )


def _opened(
    services: Services,
    holding: Holding | None,
    token: str,
    signer: Signer,
    *,
    origin: Origin,
    now: datetime,
) -> OpenedKey:
    """Raises why it may not sign; one that is another's counts as a failed attempt."""
    if holding is None:
        raise errors.CertificateMissing
    opened = services.certificates.open(holding.p12, holding.password)
    if isinstance(opened, NotOpened):
        raise certificate.NOT_OPENED[opened.code]
    try:
        certificate.check(opened.certificate, signer, now=now)
    except errors.CertificateOfAnother:
        with services.open_work() as work:
            identifying.refuse_certificate(work, token, origin=origin, now=now)
        raise
    return opened


def _kept(services: Services, mark: MarkForm) -> Mark:
    if mark.kind is MarkKind.TYPED or mark.picture is None:
        return Mark(kind=MarkKind.TYPED, text=mark.text)
    return Mark(kind=mark.kind, image=services.files.keep_bytes(mark.picture))
