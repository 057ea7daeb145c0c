"""Timestamps for files that are no document here: handed in, stamped, given back by a temporary link."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import JSONResponse, Response

from lacre.dialects.uploads import AtUrl, InBase64, InSpooledBase64, Upload, admitted
from lacre.dialects.zapsign import errors
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.wire import ToStamp
from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId
from lacre.signing.ports import Accepted, Sealed, SealFailed

NO_ANSWER = "O servidor de carimbo do tempo não respondeu. Tente novamente em alguns minutos."


def with_seal(call: Call) -> Response:
    return _stamped(call, sealing=True)


def without_seal(call: Call) -> Response:
    """Who signed before stays the one that a validator names."""
    return _stamped(call, sealing=False)


def _stamped(call: Call, *, sealing: bool) -> Response:
    if not call.services.stamper.stamps:
        raise errors.payment_required()
    upload = _upload(call, call.read(ToStamp).url)
    with call.services.files.scratch() as folder:
        brought = admitted(call.services, upload, folder)
        if not isinstance(brought, Accepted):
            raise _said_as_error(errors.unusable(brought))
        file = _working_copy(brought, folder)
        outcome = call.services.stamper.stamp(file, sealing=sealing)
        if not isinstance(outcome, Sealed):
            raise _failed(outcome)
        digest = call.services.files.keep(file)
    url = call.services.links.file_url(DocumentId(digest), Variant.LOOSE, now=call.now)
    return JSONResponse({"url": url})


def _upload(call: Call, said: str) -> Upload:
    """Whatever is no URL is the file itself."""
    if said in call.texts:
        return InSpooledBase64(call.texts[said])
    return AtUrl(said) if said.strip().lower().startswith(("http://", "https://")) else InBase64(said)


def _working_copy(brought: Accepted, folder: Path) -> Path:
    file = folder / "stamped.pdf"
    file.write_bytes(brought.file.read_bytes())
    return file


def _said_as_error(declined: Declined) -> Declined:
    """As 402 is said there."""
    return Declined(declined.status, {"error": declined.body["detail"]})


def _failed(outcome: SealFailed) -> Declined:
    if outcome.retry:
        return Declined(503, {"error": NO_ANSWER}, headers={"Retry-After": "60"})
    return Declined(400, {"error": f"O PDF não pode receber um carimbo do tempo: {outcome.reason}."})
