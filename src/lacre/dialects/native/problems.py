"""How our API says no: RFC 9457 problem details with a stable code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from lacre.accounts.actions import AccountSuspended
from lacre.accounts.answers import AnsweredMeanwhile
from lacre.dialects.native.wire.problem import Invalid, Problem
from lacre.documents.fetching import NotFetched
from lacre.fiscal import errors as fiscal_errors
from lacre.kit.refusal import NotFound, Refusal
from lacre.processing import errors as processing_errors
from lacre.signing import errors
from lacre.signing.ports import Unusable
from lacre.webhooks import errors as webhook_errors

MEDIA_TYPE = "application/problem+json"


class KeyMissing(Refusal):
    """Send your API key: `Authorization: Bearer …`."""


class KeyUnknown(Refusal):
    """This API key is not valid."""


class IdempotencyKeyInvalid(Refusal):
    """An Idempotency-Key is 1 to 255 visible ASCII characters."""


class IdempotencyKeyReused(Refusal):
    """This Idempotency-Key was sent before with another request."""


class EnvelopeDeleted(Refusal):
    """This envelope was deleted and changes no more."""


class NothingToRebuild(Refusal):
    """Nobody has signed yet: there is no sealed file to rebuild."""


class Declined(Exception):
    """A refusal of this dialect alone, with a code made from what went wrong."""

    def __init__(self, code: str, detail: str, *, pointer: str = "", status: int = 422) -> None:
        super().__init__(code)
        self.code, self.detail, self.pointer, self.status = code, detail, pointer, status


STATUSES: Mapping[type[Refusal], int] = {
    KeyMissing: 401,
    KeyUnknown: 401,
    NotFound: 404,
    AnsweredMeanwhile: 409,
    AccountSuspended: 402,
    IdempotencyKeyInvalid: 400,
    IdempotencyKeyReused: 422,
    EnvelopeDeleted: 409,
    NothingToRebuild: 409,
    errors.EnvelopeClosed: 409,
    errors.EnvelopeNotDraft: 409,
    errors.NoDocuments: 422,
    errors.NoSigners: 422,
    errors.AlreadySigned: 409,
    errors.AlreadyRefused: 409,
    errors.NotNeeded: 409,
    errors.NotTheirTurn: 409,
    errors.RefusalNotAllowed: 409,
    errors.ReasonMissing: 422,
    errors.ValueMissing: 422,
    errors.ValueInvalid: 422,
    errors.TermsNotAccepted: 422,
    errors.MarkMissing: 422,
    errors.IdentificationMissing: 409,
    errors.PhotoMissing: 422,
    errors.AttachmentMissing: 422,
    errors.AnswerDiffers: 422,
    errors.CertificateMissing: 422,
    errors.CodeWrong: 422,
    errors.CertificateUnreadable: 422,
    errors.CertificatePasswordWrong: 422,
    errors.CertificateUnfit: 422,
    errors.CertificateNotYetValid: 422,
    errors.CertificateExpired: 422,
    errors.CertificateRevoked: 422,
    errors.CertificateNotTrusted: 422,
    errors.CertificateNameless: 422,
    errors.CertificateOfAnother: 422,
    errors.CertificateSigned: 409,
    errors.TryAgain: 409,
    errors.CodeLocked: 429,
    errors.TooManyCodes: 429,
    errors.CodeTooSoon: 429,
    errors.TaxIdWrong: 422,
    errors.AttemptsLeft: 409,
    errors.LastSigner: 409,
    errors.SignerHasSigned: 409,
    errors.DocumentsFixed: 409,
    errors.GroupsNotContiguous: 422,
    errors.FieldOffPage: 422,
    errors.FieldForStranger: 422,
    errors.FieldBesideSignatures: 422,
    errors.OrderIncomplete: 422,
    errors.FolderNotUsable: 422,
    errors.LimitPassed: 422,
    errors.TemplateClosed: 409,
    errors.VariableUnknown: 422,
    errors.OptionsMissing: 422,
    errors.AnswerMissing: 422,
    errors.AnswerInvalid: 422,
    errors.FormNotFilled: 409,
    errors.FormFilled: 409,
    errors.NotNotifiedYet: 429,
    **dict.fromkeys(
        (
            fiscal_errors.FieldInvalid,
            fiscal_errors.InvoiceNotPossible,
            fiscal_errors.CertificateNotUsable,
            fiscal_errors.CertificateMissing,
            fiscal_errors.ReasonTooShort,
            fiscal_errors.ReplacedByAnotherCompany,
            fiscal_errors.ReplacedInAnotherEnvironment,
            fiscal_errors.ReplacementReasonInvalid,
            fiscal_errors.NoCompany,
        ),
        422,
    ),
    **dict.fromkeys(
        (
            fiscal_errors.SchemaInactive,
            fiscal_errors.SequencePassed,
            fiscal_errors.InvoiceNotIssued,
            fiscal_errors.AlreadyCanceled,
            fiscal_errors.NotToBeRetried,
            fiscal_errors.NotToBeCorrected,
            fiscal_errors.AlreadyCorrected,
            fiscal_errors.CompanyKnown,
            fiscal_errors.AlreadyReplaced,
            fiscal_errors.BeingReplaced,
            fiscal_errors.InvoiceToReplaceCanceled,
            fiscal_errors.InvoiceToReplaceNotIssued,
        ),
        409,
    ),
    webhook_errors.UrlNotAllowed: 422,
    webhook_errors.PlaceUnknown: 422,
    webhook_errors.HeaderNotAllowed: 422,
    webhook_errors.SecretNotUsable: 422,
    webhook_errors.AuthorizationNotUsable: 422,
    webhook_errors.CertificateNotUsable: 422,
    webhook_errors.RetryNotUsable: 422,
    webhook_errors.EndpointNotActive: 409,
    webhook_errors.EndpointDeleted: 404,
    webhook_errors.RateNotUsable: 422,
    webhook_errors.ContentNotPossible: 422,
    webhook_errors.BehindAnother: 409,
    webhook_errors.TooMuchWaits: 409,
    processing_errors.ExternalIdTaken: 409,
    processing_errors.PagesNotUsable: 422,
    processing_errors.TypeUnknown: 422,
    processing_errors.TypeNotUsable: 422,
    processing_errors.ExtractionOver: 409,
    processing_errors.ExtractionUnderWay: 409,
    processing_errors.NothingExtracted: 409,
    processing_errors.FieldUnknown: 404,
    processing_errors.ValueNotUsable: 422,
    processing_errors.InputGone: 409,
}
POINTERS: Mapping[type[Refusal], str] = {
    errors.NoDocuments: "#/documents",
    fiscal_errors.CertificateNotUsable: "#/certificate",
    fiscal_errors.CompanyKnown: "#/tax_id",
    fiscal_errors.AlreadyReplaced: "#/replaces/invoice_id",
    fiscal_errors.InvoiceToReplaceCanceled: "#/replaces/invoice_id",
    fiscal_errors.InvoiceToReplaceNotIssued: "#/replaces/invoice_id",
    fiscal_errors.ReplacedByAnotherCompany: "#/replaces/invoice_id",
    fiscal_errors.ReplacedInAnotherEnvironment: "#/replaces/invoice_id",
    fiscal_errors.ReplacementReasonInvalid: "#/replaces/text",
    errors.NoSigners: "#/signers",
    errors.LimitPassed: "#/expires_at",
    webhook_errors.UrlNotAllowed: "#/url",
    webhook_errors.PlaceUnknown: "#/url",
    webhook_errors.HeaderNotAllowed: "#/headers",
    webhook_errors.SecretNotUsable: "#/secret",
    webhook_errors.AuthorizationNotUsable: "#/authorization",
    webhook_errors.RetryNotUsable: "#/retry",
    processing_errors.ExternalIdTaken: "#/external_id",
    processing_errors.PagesNotUsable: "#/pages",
    processing_errors.TypeUnknown: "#/type",
    processing_errors.TypeNotUsable: "#/fields",
    processing_errors.ValueNotUsable: "#/value",
}
"""Which property a refusal is about, where it is always the same."""


FRAME_CODES: Mapping[int, str] = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_too_slow",
    413: "request_too_large",
    500: "internal_error",
    503: "unavailable",
}
"""Of what no rule of ours refused."""


def of_refusal(refusal: Refusal) -> Response:
    kind = type(refusal)
    status = next((STATUSES[one] for one in kind.__mro__ if one in STATUSES), 400)
    pointer = POINTERS.get(kind, "")
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return answer(
        status, refusal.code, refusal.message, errors=_at(pointer, refusal.message), headers=headers
    )


def of_declined(declined: Declined) -> Response:
    return answer(
        declined.status, declined.code, declined.detail, errors=_at(declined.pointer, declined.detail)
    )


def of_status(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """What the web frame itself says no to."""
    return answer(status, FRAME_CODES.get(status, "not_served"), detail, headers=headers)


def of_validation(found: Sequence[Mapping[str, Any]], said: object) -> Response:
    """`said` is the body that it was found in."""
    if any(one["type"] == "json_invalid" for one in found):
        return answer(400, "malformed_json", "The body is not JSON.")
    invalid = [Invalid(pointer=_pointer(one, said), detail=_sentence(one["msg"])) for one in found]
    return answer(422, "validation_failed", "Some values cannot be taken: see errors.", errors=invalid)


def unusable(problem: Unusable | NotFetched, *, pointer: str) -> Declined:
    if isinstance(problem, NotFetched):
        detail = f"The file could not be fetched ({problem.reason})."
        return Declined("document_not_fetched", detail, pointer=pointer)
    status = 503 if problem.code in ("no_office", "busy") else 422
    return Declined(f"document_{problem.code}", problem.reason, pointer=pointer, status=status)


def answer(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Invalid] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=f"/docs#problem-{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        code=code,
        detail=detail,
        errors=list(errors),
    )
    return Response(problem.model_dump_json(), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def _at(pointer: str, detail: str) -> list[Invalid]:
    return [Invalid(pointer=pointer, detail=detail)] if pointer else []


def _pointer(one: Mapping[str, Any], said: object) -> str:
    """`("body", "signers", 0, "name")` → `#/signers/0/name`; of a parameter its name after `?`."""
    where, *rest = one["loc"]
    if where != "body":
        return "?" + "/".join(str(part) for part in rest)
    place = _place(rest, said, missing=one["type"] == "missing")
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _place(parts: Sequence[int | str], said: object, *, missing: bool) -> Iterator[int | str]:
    """Without the names of our own types, which come between where a value may be of several."""
    for number, part in enumerate(parts, 1):
        known = isinstance(said, Mapping) and part in said
        if known or (isinstance(said, list) and isinstance(part, int) and part < len(said)):
            said = said[part]  # type: ignore[index]
        elif not (missing and number == len(parts)):
            continue
        yield part


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text[:1].upper() + text[1:]
