"""Documents that are promised: the client has the token at once, a job answers the request afterwards.

The job replays the very request, so that what is made later is what would have been made at once. Its long
texts are kept as files by digest meanwhile. What cannot be made in the end is there as a refused document,
whose reason says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from starlette.datastructures import QueryParams

from lacre.accounts.account import User
from lacre.dialects.uploads import InMarkdown, take
from lacre.dialects.zapsign import errors
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.ids import AccountId, Digest, EnvelopeId, UserId
from lacre.kit.jobs import HeldJob, Job
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin

PROMISED = "zapsign.promised"
MOST_TRIES = 12
"""About three hours: a server that is down is up again by then, or somebody has to look after it."""


@dataclass(frozen=True, kw_only=True)
class Maker:
    make: Callable[[Call, EnvelopeId], Envelope]
    begin: Callable[[Call, EnvelopeId], Envelope]
    """All but its file."""


def promise(call: Call, what: str) -> EnvelopeId:
    """The token of what will be there."""
    envelope_id = EnvelopeId(call.services.tokens.uuid())
    kept = {name: call.services.files.keep(path) for name, path in call.texts.items()}
    payload = {
        "what": what,
        "account_id": call.account_id,
        "by": call.by.name,
        "user_id": call.user.id if call.user else None,
        "ip": call.origin.ip,
        "port": call.origin.port,
        "user_agent": call.origin.user_agent,
        "raw": call.raw.decode("utf-8", "replace"),
        "texts": kept,
    }
    with call.services.open_work() as work:
        work.jobs.add(
            Job(
                kind=PROMISED,
                key=envelope_id,
                due_at=call.now,
                payload=payload,
                account_id=call.account_id,
            )
        )
    return envelope_id


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Why it is not there; `retry`: not yet, for a reason that passes."""

    problem: str
    retry: bool = False


def keep_promise(
    services: Services, job: HeldJob, now: datetime, makers: Mapping[str, Maker]
) -> Broken | None:
    """`None` once it is there."""
    envelope_id = EnvelopeId(job.key)
    with _replayed(services, job, now) as call:
        if _is_there(call, envelope_id):
            return None
        maker = makers[str(job.payload["what"])]
        broken = _made(call, maker, envelope_id)
        if broken is None or (broken.retry and job.attempts < MOST_TRIES):
            return broken
        _leave_refused(call, maker, envelope_id, broken.problem)
        return replace(broken, retry=False)


def _made(call: Call, maker: Maker, envelope_id: EnvelopeId) -> Broken | None:
    try:
        maker.make(call, envelope_id)
    except Declined as declined:
        return Broken(problem=declined.reason, retry=declined.passes)
    except Refusal as refusal:
        return Broken(problem=errors.declined(refusal).reason)
    return None


def _leave_refused(call: Call, maker: Maker, envelope_id: EnvelopeId, problem: str) -> None:
    """A sheet that says why stands for the file; nobody was asked to sign it. Not in an account that is
    suspended."""
    with suppress(Declined, Refusal):
        new = maker.begin(call, envelope_id)
        sheet = InMarkdown(_SHEETS[new.language].format(problem), title=new.title, language=new.language)
        document = take(call.services, sheet, name=new.title)
        if not isinstance(document, Document):
            return
        new.documents.append(document)
        with call.services.open_work() as work:
            new.number = work.envelopes.next_number(call.account_id)
            actions.create(work, new, by=call.by, now=call.now)
            actions.cancel(work, new, problem, by=call.by, now=call.now, tell_signers=False)


_SHEETS: Mapping[str, str] = {
    "pt-br": "O arquivo deste documento não pôde ser usado, e ninguém foi convidado a assinar.\n\n{}",
    "en": "The file of this document could not be used, and nobody was asked to sign.\n\n{}",
    "es": "No se pudo usar el archivo de este documento, y no se pidió a nadie que firmara.\n\n{}",
}


@contextmanager
def _replayed(services: Services, job: HeldJob, now: datetime) -> Iterator[Call]:
    said = job.payload
    origin = Origin(ip=str(said["ip"]), port=int(str(said["port"])), user_agent=str(said["user_agent"]))
    with ExitStack() as held:
        yield Call(
            services=services,
            origin=origin,
            now=now,
            path={},
            url_path="",
            query=QueryParams(),
            raw=str(said["raw"]).encode(),
            texts=_texts(services, said["texts"], held),
            account_id=AccountId(str(said["account_id"])),
            by=Actor(name=str(said["by"]), origin=origin),
            user=_user(services, said["user_id"]),
        )


def _texts(services: Services, kept: object, held: ExitStack) -> dict[str, Path]:
    if not isinstance(kept, Mapping):
        return {}
    files = services.files
    return {name: held.enter_context(files.local(Digest(digest))) for name, digest in kept.items()}


def _user(services: Services, user_id: object) -> User | None:
    if user_id is None:
        return None
    with services.open_work() as work:
        return work.accounts.user(UserId(str(user_id)))


def _is_there(call: Call, envelope_id: EnvelopeId) -> bool:
    with call.services.open_work() as work:
        try:
            work.envelopes.get(call.account_id, envelope_id)
        except NotFound:
            return False
    return True
