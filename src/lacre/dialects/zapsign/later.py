"""Documents that are promised: the client has the token at once, a job answers the request afterwards.

The job replays the very request, so that what is made later is what would have been made at once. Its long
texts are kept as files by digest meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.datastructures import QueryParams

from lacre.accounts.account import User
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.ids import AccountId, Digest, EnvelopeId, UserId
from lacre.kit.jobs import HeldJob, Job
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin

PROMISED = "zapsign.promised"
Maker = Callable[[Call, EnvelopeId], Envelope]


_OUR_FAULT = 500


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
        work.jobs.add(Job(kind=PROMISED, key=envelope_id, due_at=call.now, payload=payload))
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
        try:
            makers[str(job.payload["what"])](call, envelope_id)
        except Declined as declined:
            return Broken(problem=str(declined.body), retry=declined.status >= _OUR_FAULT)
        except Refusal as refusal:
            return Broken(problem=refusal.message)
    return None


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
