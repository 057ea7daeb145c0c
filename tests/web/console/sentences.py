"""What the console says that stands in code and not in templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from lacre.accounts import group, password
from lacre.dialects.native import choosing
from lacre.dialects.native.webhook import NativeWording
from lacre.engines.nfse import contradictions, wording
from lacre.engines.nfse.contradictions import documents
from lacre.fiscal import errors as fiscal
from lacre.kit.ids import AccountId, EndpointId
from lacre.kit.refusal import Refusal
from lacre.processing import errors as processing
from lacre.processing import flaws
from lacre.signing import errors as signing
from lacre.web.console import door, fiscal_words, invoice_files, notes, particulars, shapes, words
from lacre.webhooks import errors
from lacre.webhooks.authorization import MAX_BODY, MAX_PATH, Basic, Fetched, check_authorization
from lacre.webhooks.certificate import MAX_PEM, check_ca_pem, check_client_pem, check_in_time
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import MAX_HEADERS, MAX_NAME, MAX_VALUE, check_headers
from lacre.webhooks.promise import Terms, check_account_terms, check_terms
from lacre.webhooks.rate import Rate, check_rate
from lacre.webhooks.scheme import Scheme
from lacre.webhooks.url import MAX_URL_LENGTH, check_url
from tests.support.certificates import Authority

SAID_AT_FIELDS = (fiscal.TaxIdInvalid, fiscal.AmountInvalid, fiscal.ItemsDiffer, fiscal.ValueInvalid)
REFUSALS: Sequence[type[Refusal]] = (
    door.ComesFromElsewhere,
    errors.AuthorizationNotUsable,
    errors.BehindAnother,
    errors.CertificateNotUsable,
    errors.ContentNotPossible,
    errors.EndpointDeleted,
    errors.EndpointNotActive,
    errors.HeaderNotAllowed,
    errors.PlaceUnknown,
    errors.RateNotUsable,
    errors.RetryNotUsable,
    errors.TooMuchWaits,
    errors.UrlNotAllowed,
    group.GroupNameTaken,
    group.GroupUnnamed,
    processing.ExtractionOver,
    processing.ExtractionUnderWay,
    processing.FieldUnknown,
    processing.InputGone,
    processing.NothingExtracted,
    processing.TypeUnknown,
    processing.ValueNotUsable,
    password.PasswordGuessable,
    password.PasswordTooLong,
    password.PasswordTooShort,
    fiscal.AlreadyCanceled,
    fiscal.AlreadyCorrected,
    fiscal.AlreadyReplaced,
    fiscal.BeingReplaced,
    fiscal.InvoiceToReplaceCanceled,
    fiscal.InvoiceToReplaceNotIssued,
    fiscal.ReplacedByAnotherCompany,
    fiscal.ReplacedInAnotherEnvironment,
    fiscal.CertificateMissing,
    fiscal.CompanyKnown,
    *(one for one in fiscal.FieldInvalid.__subclasses__() if one not in SAID_AT_FIELDS),
    fiscal.NoCompany,
    fiscal.InvoiceNotIssued,
    fiscal.NotToBeCorrected,
    fiscal.NotToBeRetried,
    fiscal.ReasonTooShort,
    fiscal.SchemaInactive,
    fiscal.SequencePassed,
    signing.AttemptsLeft,
    signing.LimitPassed,
    signing.NotNotifiedYet,
)
BEGIN_KEY = "-----BEGIN PRIVATE KEY-----"
TABLES = (
    words.PROCESSING_PROBLEMS,
    words.REPLIES,
    words.EVENTS,
    words.NOT_PROVED,
    words.NO_ANSWER,
    words.ADVICE,
    words.ANSWERS,
    words.ANSWERED,
    words.UNUSABLE,
    fiscal_words.CERTIFICATES,
    fiscal_words.FIELDS,
    invoice_files.OF_ISSUE,
    invoice_files.OF_CANCEL,
)
BAD_URLS = (
    "https://e.test/" + "a" * MAX_URL_LENGTH,
    "https://e .test",
    "ftp://e.test",
    "https://a:b@e.test",
    "https://",
)
BAD_HEADERS = (
    (("a b", ""),),
    (("a" * (MAX_NAME + 1), ""),),
    (("host", ""),),
    (("a", "é"),),
    (("a", "b" * (MAX_VALUE + 1)),),
    (("a", "b"),) * (MAX_HEADERS + 1),
)
BAD_TERMS = (
    Terms(retry=()),
    Terms(retry=(0,)),
    Terms(retry=(604_800,) * 5),
    Terms(deadline_seconds=0),
)

BAD_AUTHORIZATIONS = (
    Basic(user="a:b", password=""),
    Fetched(url="https://e.test", token_path="a" * (MAX_PATH + 1)),
    Fetched(url="https://e.test", body="a" * (MAX_BODY + 1)),
)
OURS, ANOTHER = (Authority().issue("e.test").pem.decode() for _ in range(2))
CERTIFICATE, KEY = (OURS[: OURS.index(BEGIN_KEY)], OURS[OURS.index(BEGIN_KEY) :])
BAD_CLIENT_PEMS = (
    "",
    "a" * (MAX_PEM + 1),
    CERTIFICATE,
    CERTIFICATE + KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"),
    CERTIFICATE + ANOTHER[ANOTHER.index(BEGIN_KEY) :],
)
BAD_RATES = (Rate(count=0), Rate(count=1, seconds=0))


def said_in_console() -> list[str | tuple[str, ...]]:
    in_tables = [said for table in TABLES for said in table.values()]
    answers = [words.REDIRECTED, words.BROKE, words.UNEXPECTED, words.ACCEPTED]
    answers += words.MESSAGES.values()
    answers += _of_particulars()
    answers += [*words.GROUPS.values(), *_of_schemas()]
    answers += [said for both in fiscal_words.OFFICE.values() for said in both if said]
    refused = [
        fiscal_words.UNUSABLE,
        invoice_files.PRINTED_BEFORE,
        *((refusal.__doc__ or "").strip() for refusal in REFUSALS),
    ]
    return [*notes.ALL, *flaws.SAID, *in_tables, *answers, *refused, *_reasons()]


def _of_schemas() -> list[str]:
    """What the tables of event types say."""
    wording = NativeWording()
    found = [one for name in wording.samples for one in shapes.tables(wording.schema(name) or {})]
    said = [one.words for one in found] + [row.words for one in found for row in one.rows]
    return [words for words in said if words]


def _of_particulars() -> list[str]:
    sections = [said for one in particulars.SECTIONS for said in (one.title, one.hint)]
    parts = [part.title for one in particulars.SECTIONS for part in one.parts]
    inputs = [*particulars.each_input(1)]
    labels = [said for one in inputs for said in (one.label, one.hint) if said]
    return [*sections, *parts, *labels, *(words for one in inputs for _, words in one.choices)]


def _reasons() -> list[str]:
    """The part of a refusal that says what was wrong with an address, a header or a wait."""
    addresses = [_reason(partial(check_url, url)) for url in BAD_URLS]
    headers = [_reason(partial(check_headers, pairs)) for pairs in BAD_HEADERS]
    rates = [_reason(partial(check_rate, rate)) for rate in BAD_RATES]
    promises = [_reason(partial(check_terms, terms)) for terms in BAD_TERMS]
    promises.append(_reason(partial(check_account_terms, Terms(retry=(60,) * 30))))
    ways_in = [_reason(partial(check_authorization, one)) for one in BAD_AUTHORIZATIONS]
    ours = [_reason(partial(check_client_pem, pem)) for pem in BAD_CLIENT_PEMS]
    ours.append(_reason(partial(check_in_time, OURS, now=datetime.max.replace(tzinfo=UTC))))
    theirs = _reason(partial(check_ca_pem, OURS))
    return [*addresses, *headers, *rates, *promises, *ways_in, *ours, theirs, _reason(_files_inside)]


def _files_inside() -> None:
    endpoint = Endpoint(
        id=EndpointId(""),
        account_id=AccountId(""),
        number=0,
        dialect="native",
        url="",
        types=(),
        options={"signatures": [Scheme.ED25519.value]},
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    choosing.choose(endpoint, {"files": ["base64"]})


def _reason(check: Callable[[], None]) -> str:
    try:
        check()
    except Refusal as refusal:
        return str(refusal.args[-1])
    raise AssertionError("nothing was refused")


def said_of_notes() -> list[str]:
    """By the engine, in English and in Portuguese: a catalogue has the Spanish alone."""
    rules = [one.text for one in contradictions.RULES]
    of_documents = [one.text for one in documents.RULES]
    return list(dict.fromkeys([*wording.PORTUGUESE, *rules, *of_documents]))
