"""Where no tax office is set up: every note is refused before it takes a number."""

from __future__ import annotations

from datetime import datetime

from lacre.fiscal.note import Cancellation, Note
from lacre.fiscal.ports import (
    Cancelling,
    Certificate,
    CertificateUnusable,
    Draft,
    Found,
    FoundCancelled,
    Issuing,
    NotCancelled,
    NotIssued,
    Problem,
    Refused,
    Signed,
    Unreachable,
)

_NONE = Refused(problems=(Problem(field="environment", code="no_office", text="No tax office is set up."),))
_NOBODY = Unreachable(reason="No tax office is set up.")


class AbsentOffice:
    def build(self, note: Note) -> Draft | Refused:  # noqa: ARG002
        return _NONE

    def sign(self, draft: Draft, certificate: Certificate) -> Signed | Refused:  # noqa: ARG002
        return _NONE

    def issue(self, signed: Signed, certificate: Certificate) -> Issuing:  # noqa: ARG002
        return _NOBODY

    def look_up(self, signed: Signed, certificate: Certificate) -> Found:  # noqa: ARG002
        return NotIssued()

    def sign_cancellation(self, asked: Cancellation, certificate: Certificate) -> Signed | Refused:  # noqa: ARG002
        return _NONE

    def cancel(self, signed: Signed, certificate: Certificate) -> Cancelling:  # noqa: ARG002
        return _NOBODY

    def look_up_cancellation(self, signed: Signed, certificate: Certificate) -> FoundCancelled:  # noqa: ARG002
        return NotCancelled()


class AbsentPrinter:
    def print(self, nfse: bytes, *, cancelled: bool = False) -> bytes:
        raise NotImplementedError

    def preview(self, draft: Draft) -> bytes:
        raise NotImplementedError


class AbsentReader:
    def read(
        self,
        pkcs12: bytes,  # noqa: ARG002
        password: str,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
        company: str = "",  # noqa: ARG002
    ) -> Certificate | CertificateUnusable:
        return CertificateUnusable(code="no_office", reason="No tax office is set up.")
