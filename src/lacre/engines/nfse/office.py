"""The national tax office: a `TaxOffice` that speaks to the Sefin."""

from __future__ import annotations

from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.checks import cancellation_problems, problems_of
from lacre.engines.nfse.exchange import Exchanges, not_reached, packed, read, said, turned_down, unpacked
from lacre.engines.nfse.findings import CANCELLED_BEFORE, DUPLICATE, alerts_in, errors_in
from lacre.engines.nfse.form import REPLACED
from lacre.engines.nfse.notes import TAKEN, accepted, cancelled, is_event_of, request_of, signature_value
from lacre.engines.nfse.places import Place, Places
from lacre.engines.nfse.schema import parse
from lacre.engines.nfse.wording import problem
from lacre.fiscal.note import Cancellation, Environment, Note
from lacre.fiscal.ports import (
    Cancelled,
    Cancelling,
    Certificate,
    CertificateRefused,
    Draft,
    Finding,
    Found,
    FoundCancelled,
    Issuing,
    NotCancelled,
    NotIssued,
    Problem,
    Refused,
    Rejected,
    Signed,
    Unknown,
    Unreachable,
)
from lacre.webhooks.ports import Sender
from lacre.webhooks.request import Answer, Outcome

_CLOSED = {
    Environment.PRODUCTION: problem(
        "environment",
        "This installation issues no notes of legal value: set LACRE_NFSE_PRODUCTION=true to let it.",
        code="production_off",
    ),
    Environment.SANDBOX: problem(
        "environment",
        "This installation has no Sefin of its own: run `lacre sefin` and set LACRE_NFSE_SANDBOX_URL.",
        code="no_sandbox",
    ),
}


_NO_EVENT = Unreachable(reason="they answered with something that is no event")


class NationalOffice:
    def __init__(self, places: Places, sender: Sender, *, algorithm: Algorithm = Algorithm.SHA256) -> None:
        self._places, self._exchanges, self._algorithm = places, Exchanges(sender), algorithm

    # ── written here ─────────────────────────────────────────────────────────

    def build(self, note: Note) -> Draft | Refused:
        wrong = self._closed(note.environment) or problems_of(note)
        if wrong:
            return Refused(problems=wrong)
        from lacre.engines.nfse.drafting import draft_of  # noqa: PLC0415 - a second of imports, for who issues

        return draft_of(note)

    def sign(self, draft: Draft, certificate: Certificate) -> Signed | Refused:
        from lacre.engines.nfse.drafting import signed_draft  # noqa: PLC0415

        return signed_draft(draft, certificate, self._algorithm)

    def sign_cancellation(self, asked: Cancellation, certificate: Certificate) -> Signed | Refused:
        wrong = self._closed(asked.environment) or cancellation_problems(asked)
        if wrong:
            return Refused(problems=wrong)
        from lacre.engines.nfse.drafting import signed_request  # noqa: PLC0415

        return signed_request(asked, certificate, self._algorithm)

    def _closed(self, environment: Environment) -> tuple[Problem, ...]:
        return () if self._places.get(environment) else (_CLOSED[environment],)

    # ── a note ───────────────────────────────────────────────────────────────

    def issue(self, signed: Signed, certificate: Certificate) -> Issuing:
        place = self._places.get(signed.environment)
        if place is None:
            return _nowhere(signed.environment)
        content = {"dpsXmlGZipB64": packed(signed.xml)}
        outcome = self._exchanges.post(f"{place.sefin}/nfse", content, place, certificate)
        judged = _issued(outcome, signed)
        if isinstance(judged, Rejected) and _has(judged, DUPLICATE):
            return self._issued_before(signed, certificate)
        return judged

    def look_up(self, signed: Signed, certificate: Certificate) -> Found:
        place = self._places.get(signed.environment)
        if place is None:
            return _nowhere(signed.environment)
        url = f"{place.sefin}/dps/{signed.id}"
        outcome = self._exchanges.ask("HEAD", url, place, certificate)
        match outcome:
            case Answer(status=200):
                return self._found(url, signed, place, certificate)
            case Answer(status=404):
                return NotIssued()
            case _:
                return turned_down(outcome) or Unreachable(reason=said(outcome))

    def _issued_before(self, signed: Signed, certificate: Certificate) -> Issuing:
        """This number has its note: ours, whose answer was lost, or another's."""
        found = self.look_up(signed, certificate)
        match found:
            case NotIssued() | Unreachable():
                return Unknown(reason=f"{DUPLICATE}, but no note of it is told")
            case _:
                return found

    def _found(self, url: str, signed: Signed, place: Place, certificate: Certificate) -> Found:
        outcome = self._exchanges.ask("GET", url, place, certificate)
        match outcome:
            case Answer(status=200):
                key = read(outcome).get("chaveacesso")
                return self._fetched(str(key), signed, place, certificate)
            case Answer(status=403):
                # the certificate was good for HEAD: only the key is kept from who is no party of the note
                return TAKEN
            case _:
                return Unreachable(reason=said(outcome))

    def _fetched(self, key: str, signed: Signed, place: Place, certificate: Certificate) -> Found:
        outcome = self._exchanges.ask("GET", f"{place.sefin}/nfse/{key}", place, certificate)
        if not isinstance(outcome, Answer) or outcome.status != 200:
            return Unreachable(reason=said(outcome))
        xml = unpacked(read(outcome).get("nfsexmlgzipb64"))
        note = accepted(xml, signed.xml) if xml else None
        return note or Unreachable(reason="they answered with something that is no NFS-e")

    # ── its cancellation ─────────────────────────────────────────────────────

    def cancel(self, signed: Signed, certificate: Certificate) -> Cancelling:
        place = self._places.get(signed.environment)
        if place is None:
            return _nowhere(signed.environment)
        content = {"pedidoRegistroEventoXmlGZipB64": packed(signed.xml)}
        url = f"{place.sefin}/nfse/{_key(signed)}/eventos"
        judged = _cancelled(self._exchanges.post(url, content, place, certificate))
        if isinstance(judged, Rejected) and _has(judged, *CANCELLED_BEFORE):
            found = self.look_up_cancellation(signed, certificate)
            return found if isinstance(found, Cancelled) else judged
        return judged

    def look_up_cancellation(self, signed: Signed, certificate: Certificate) -> FoundCancelled:
        """Of this very request: that another cancelled the note is `NotCancelled`."""
        place = self._places.get(signed.environment)
        if place is None:
            return _nowhere(signed.environment)
        url = f"{place.sefin}/nfse/{_key(signed)}/eventos/{signed.id[-6:]}/1"
        outcome = self._exchanges.ask("GET", url, place, certificate)
        match outcome:
            case Answer(status=200):
                return _same_event(outcome, signed)
            case Answer(status=404):
                return NotCancelled()
            case _:
                return turned_down(outcome) or Unreachable(reason=said(outcome))

    def replacement_of(self, key: str, environment: Environment, certificate: Certificate) -> FoundCancelled:
        place = self._places.get(environment)
        if place is None:
            return _nowhere(environment)
        url = f"{place.sefin}/nfse/{key}/eventos/{REPLACED}/1"
        outcome = self._exchanges.ask("GET", url, place, certificate)
        match outcome:
            case Answer(status=200):
                xml = unpacked(read(outcome).get("eventoxmlgzipb64"))
                found = cancelled(xml) if xml and is_event_of(xml, key, REPLACED) else None
                return found or _NO_EVENT
            case Answer(status=404):
                return NotCancelled()
            case _:
                return turned_down(outcome) or Unreachable(reason=said(outcome))


def _issued(outcome: Outcome, signed: Signed) -> Issuing:
    if isinstance(outcome, Answer) and outcome.status == 201:
        found = read(outcome)
        xml = unpacked(found.get("nfsexmlgzipb64"))
        note = accepted(xml, signed.xml, alerts_in(found)) if xml else None
        return note or Unknown(reason=f"{said(outcome)}, without its NFS-e")
    return _not_done(outcome)


def _cancelled(outcome: Outcome) -> Cancelling:
    if isinstance(outcome, Answer) and outcome.status == 201:
        xml = unpacked(read(outcome).get("eventoxmlgzipb64"))
        return (cancelled(xml) if xml else None) or Unknown(reason=f"{said(outcome)}, without its event")
    return _not_done(outcome)


def _not_done(outcome: Outcome) -> Rejected | Unknown | Unreachable | CertificateRefused:
    refused = turned_down(outcome)
    if refused:
        return refused
    if isinstance(outcome, Answer) and 400 <= outcome.status < 500:
        errors = errors_in(read(outcome))
        if errors or outcome.status == 400:
            return Rejected(errors=errors or (_untold(outcome),), exchange=outcome.body)
    return not_reached(outcome) or Unknown(reason=said(outcome))


def _untold(answer: Answer) -> Finding:
    return Finding(code="", text=f"HTTP {answer.status}: {answer.body[:500].decode('utf-8', 'replace')}")


def _same_event(answer: Answer, signed: Signed) -> FoundCancelled:
    found = read(answer).get("eventoxmlgzipb64")
    xml = unpacked(found)
    registered = request_of(xml) if xml else None
    if xml is None or registered is None:
        return _NO_EVENT
    if signature_value(registered) != signature_value(parse(signed.xml)):
        return NotCancelled()
    return cancelled(xml) or _NO_EVENT


def _has(rejected: Rejected, *codes: str) -> bool:
    return any(one.code in codes for one in rejected.errors)


def _key(signed: Signed) -> str:
    return signed.id[3:53]


def _nowhere(environment: Environment) -> Unreachable:
    return Unreachable(reason=_CLOSED[environment].advice)
