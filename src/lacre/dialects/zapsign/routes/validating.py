"""Whether a PDF was signed here and not changed since; anybody may ask."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from starlette.responses import JSONResponse, Response

from lacre.dialects.zapsign.door import Visit
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.ids import AccountId
from lacre.kit.json import Json
from lacre.signing.verification import SignatureFound, Verification

QUEUE = AccountId("validating")
UNKNOWN = "N/A"
NO_FILE = "Nenhum arquivo foi enviado."
UNSIGNED = "Document does not contain digital signatures"
BROKEN = "Signature `{}` is not cryptographically valid"
STRANGER = "Certificate validation failed: CN is not {}"
PARTIAL = "Signature `{}` does not cover the whole document"
PENDING = "Signature `{}` not valid because the document contains pending signature indicators"
NO_PDF = "Incorrect file header"
_HEADER = 1024
"""Where readers look for it."""
VALID = "Document signed correctly (CN={}) and without subsequent notes."


def validate(visit: Visit) -> Response:
    if visit.file is None:
        raise Declined(400, {"error": NO_FILE})
    verification = _judged(visit, visit.file)
    problem = problem_of(verification, authority=visit.services.authority.name)
    last = verification.signatures[-1] if verification.signatures else None
    return JSONResponse(
        {
            "isValid": problem is None,
            "message": problem or VALID.format(last.signer if last else UNKNOWN),
            **shown(last),
        }
    )


def _judged(visit: Visit, file: Path) -> Verification:
    with file.open("rb") as opened:
        if b"%PDF" not in opened.read(_HEADER):
            return Verification(signatures=(), problem=NO_PDF)
    return visit.services.verifier.verify(file)


def problem_of(verification: Verification, *, authority: str) -> str | None:
    """The first thing that is wrong, in their words; `None`: signed by us, whole, and by everybody."""
    found = verification.signatures
    if verification.problem:
        return f"Untracked exception: {verification.problem}"
    if not found:
        return UNSIGNED
    for one in found:
        if not one.valid:
            return BROKEN.format(one.field)
        if not one.ours:
            return STRANGER.format(authority)
    if not found[-1].covers_whole_file and found[-1].changes_after != "none":
        return PARTIAL.format(found[-1].field)
    return PENDING.format(found[-1].field) if verification.unsigned else None


def shown(last: SignatureFound | None) -> dict[str, Json]:
    at = last.signed_at.astimezone(UTC) if last and last.signed_at else None
    return {
        "authority": (last.issuer if last else "") or UNKNOWN,
        "signingDate": at.strftime("%m/%d/%Y %H:%M:%S") if at else UNKNOWN,
        "commonName": (last.signer if last else "") or UNKNOWN,
    }
