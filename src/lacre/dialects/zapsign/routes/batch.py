"""A user of the account signs many documents at once, over the API."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.accounts.account import User
from lacre.dialects.zapsign import finding, words
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.routes.ending import SOON
from lacre.dialects.zapsign.wire import Batch
from lacre.kit.ids import ActId
from lacre.kit.tax_ids import clean_tax_id, is_cpf
from lacre.services import Work
from lacre.signing import actions
from lacre.signing.actions import Particulars
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind
from lacre.signing.signer import Signer

SIGNED = f"Documento(s) assinado(s){SOON}"
NOT_THEIRS = "O e-mail do signatário e do usuário são diferentes"
OTHERWISE = "O signatário '{}' deve ser autenticado de outra forma e não pode assinar em lote."


def sign(call: Call) -> Response:
    """All of them or none; the sealed files and their webhooks follow one by one."""
    said = call.read(Batch)
    tokens = [finding.uuid_said(token, "signer") for token in dict.fromkeys(said.signer_tokens)]
    if said.cpf and not is_cpf(said.cpf):
        raise Declined(400, {"error": "O CPF informado não é válido."})
    with call.services.open_work() as work:
        user = finding.user_called(work, call, said.user_token)
        # in one order, so that two batches never wait for each other
        for token in sorted(tokens):
            _sign(work, call, token, user, clean_tax_id(said.cpf))
    return JSONResponse({"message": SIGNED})


def _sign(work: Work, call: Call, token: str, user: User, tax_id: str) -> None:
    envelope, who = finding.by_signer(work, call, token)
    finding.require_kept(envelope)
    _check_may(who, user, tax_id)
    actions.sign(
        work,
        token,
        _act(call, envelope, who, user),
        particulars=Particulars(email=user.email, tax_id=tax_id or None),
        now=call.now,
        by=Actor(name=f"user:{user.id}", origin=call.origin),
    )


def _check_may(who: Signer, user: User, tax_id: str) -> None:
    """What only the person themself can show is not shown by a system."""
    if who.email and who.email.lower() != user.email.lower():
        raise Declined(400, {"error": NOT_THEIRS})
    options = who.options
    asks_more = words.auth_mode(options) != words.DEFAULT_MODE or options.photos or options.check_tax_id
    if asks_more or (options.ask_tax_id and not (tax_id or who.tax_id)):
        raise Declined(400, {"error": OTHERWISE.format(who.name)})


def _act(call: Call, envelope: Envelope, who: Signer, user: User) -> Act:
    evidence = Evidence(
        at=call.now,
        time_source=call.services.time_source(),
        origin=call.origin,
        identified_by=(Identification.ACCOUNT,),
        seen=tuple(document.original for document in envelope.documents),
        terms_version=TERMS_VERSION,
    )
    return Act(
        id=ActId(call.services.tokens.uuid()),
        signer_id=who.id,
        evidence=evidence,
        mark=Mark(kind=MarkKind.TYPED, text=_name(user) or who.name),
    )


def _name(user: User) -> str:
    return f"{user.name} {user.last_name}".strip()
