"""A user of the account signs many documents at once, over the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from lacre.accounts.account import User
from lacre.dialects.zapsign import errors, finding, words
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.routes.ending import SOON
from lacre.dialects.zapsign.wire import Batch
from lacre.documents.fetching import NotFetched
from lacre.documents.pictures import MAX_PHOTO_BYTES
from lacre.kit.ids import ActId, PhotoId
from lacre.kit.tax_ids import clean_tax_id, is_cpf
from lacre.services import Work
from lacre.signing import actions, photographing
from lacre.signing.actions import Particulars
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind
from lacre.signing.signer import Photo, Signer

SIGNED = f"Documento(s) assinado(s){SOON}"
NOT_THEIRS = "O e-mail do signatário e do usuário são diferentes"
NO_PHOTO = "A imagem em {} não é um JPG, PNG ou WebP que se possa usar."
OTHERWISE = "O signatário '{}' deve ser autenticado de outra forma e não pode assinar em lote."


def sign(call: Call) -> Response:
    """All of them or none; the sealed files and their webhooks follow one by one."""
    said = call.read(Batch)
    tokens = [finding.uuid_said(token, "signer") for token in dict.fromkeys(said.signer_tokens)]
    if said.cpf and not is_cpf(said.cpf):
        raise Declined(400, {"error": "O CPF informado não é válido."})
    brought = Brought(tax_id=clean_tax_id(said.cpf), photos=_photos(call, said))
    with call.services.open_work() as work:
        user = finding.user_called(work, call, said.user_token)
        # in one order, so that two batches never wait for each other
        for token in sorted(tokens):
            _sign(work, call, token, user, brought)
    return JSONResponse({"message": SIGNED})


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What the user has to show, the same in every document that asks for it."""

    tax_id: str
    photos: Mapping[Photo, bytes]
    """Cleaned."""


def _photos(call: Call, said: Batch) -> dict[Photo, bytes]:
    """Fetched before anything is signed, whoever they are asked of."""
    urls = {
        Photo.SELFIE: said.selfie_photo,
        Photo.DOCUMENT: said.document_photo_url,
        Photo.DOCUMENT_BACK: said.document_verse_photo_url,
    }
    return {kind: _photo(call, url) for kind, url in urls.items() if url}


def _photo(call: Call, url: str) -> bytes:
    with call.services.files.scratch() as folder:
        fetched = call.services.fetcher.fetch(url, folder / "photo", max_bytes=MAX_PHOTO_BYTES)
        if isinstance(fetched, NotFetched):
            raise Declined(400, {"error": errors.unusable(fetched).body["detail"]})
        jpeg = call.services.pictures.photo(fetched.path.read_bytes())
    if jpeg is None:
        raise Declined(400, {"error": NO_PHOTO.format(url)})
    return jpeg


def _sign(work: Work, call: Call, token: str, user: User, brought: Brought) -> None:
    envelope, who = finding.by_signer(work, call, token)
    finding.require_kept(envelope)
    _check_may(who, user, brought)
    by = Actor(name=f"user:{user.id}", origin=call.origin)
    for kind in who.missing_photos:
        photo_id, jpeg = PhotoId(call.services.tokens.uuid()), brought.photos[kind]
        who = photographing.take(work, token, kind, jpeg, photo_id, origin=call.origin, now=call.now, by=by)
    actions.sign(
        work,
        token,
        _act(call, envelope, who, user),
        particulars=Particulars(email=user.email, tax_id=brought.tax_id or None),
        now=call.now,
        by=by,
    )


def _check_may(who: Signer, user: User, brought: Brought) -> None:
    """What only the person themself can show is not shown by a system."""
    if who.email and who.email.lower() != user.email.lower():
        raise Declined(400, {"error": NOT_THEIRS})
    options = who.options
    asks_more = words.auth_mode(options) != words.DEFAULT_MODE or options.check_tax_id or options.questions
    lacks = any(kind not in brought.photos for kind in who.missing_photos)
    if asks_more or lacks or (options.ask_tax_id and not (brought.tax_id or who.tax_id)):
        raise Declined(400, {"error": OTHERWISE.format(who.name)})


def _act(call: Call, envelope: Envelope, who: Signer, user: User) -> Act:
    evidence = Evidence(
        at=call.now,
        time_source=call.services.time_source(),
        origin=call.origin,
        identified_by=(Identification.ACCOUNT, *photographing.proofs(who)),
        seen=tuple(document.original for document in envelope.documents),
        terms_version=TERMS_VERSION,
        photos=photographing.digests(who),
    )
    return Act(
        id=ActId(call.services.tokens.uuid()),
        signer_id=who.id,
        evidence=evidence,
        mark=Mark(kind=MarkKind.TYPED, text=_name(user) or who.name),
    )


def _name(user: User) -> str:
    return f"{user.name} {user.last_name}".strip()
