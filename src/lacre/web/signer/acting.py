"""From a filled form to an act: pictures are kept before the transaction, which only names them."""

from __future__ import annotations

from lacre.kit.ids import ActId
from lacre.services import Services
from lacre.signing import actions
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Mark, MarkKind, Origin
from lacre.signing.identifying import identified_by
from lacre.signing.signer import Signer
from lacre.web.signer.forms import MarkForm, SignatureForm


def sign(services: Services, token: str, filled: SignatureForm, signer: Signer, *, origin: Origin) -> None:
    mark = _kept(services, filled.mark)
    initials = _kept(services, filled.initials) if filled.initials else None
    now = services.clock()
    evidence = Evidence(
        at=now,
        time_source=services.time_source(),
        origin=origin,
        identified_by=identified_by(signer),
        seen=filled.seen,
        terms_version=TERMS_VERSION if filled.accepted else "",
        latitude=filled.latitude if filled.longitude else None,
        longitude=filled.longitude if filled.latitude else None,
    )
    act = Act(
        id=ActId(services.tokens.uuid()),
        signer_id=signer.id,
        evidence=evidence,
        mark=mark,
        initials=initials,
        values=filled.values,
    )
    with services.open_work() as work:
        actions.sign(work, token, act, particulars=filled.particulars, now=now)


def _kept(services: Services, mark: MarkForm) -> Mark:
    if mark.kind is MarkKind.TYPED or mark.picture is None:
        return Mark(kind=MarkKind.TYPED, text=mark.text)
    return Mark(kind=mark.kind, image=services.files.keep_bytes(mark.picture))
