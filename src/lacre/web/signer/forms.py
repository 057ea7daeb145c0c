"""What a signer typed, drew or uploaded, read from the form; what is wrong stands beside its input's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from starlette.datastructures import FormData, UploadFile

from lacre.documents.pictures import MAX_MARK_BYTES, Pictures
from lacre.kit.ids import Digest, FieldId
from lacre.kit.refusal import Refusal
from lacre.kit.tax_ids import is_cnpj, is_cpf
from lacre.signing import errors
from lacre.signing.actions import Particulars
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import MarkKind
from lacre.signing.layout import FieldKind
from lacre.signing.signer import Channel, Signer
from lacre.signing.values import DRAWN, check_values
from lacre.web.signer import pictures
from lacre.web.signer.view import Typed, field_key, initials_of, question_key

WRONG_EMAIL = "Write an e-mail address such as name@example.com."
WRONG_TAX_ID = "Check the digits: this is no valid CPF or CNPJ."
WRONG_BIRTH_DATE = "Write your date of birth."
NAME_MISSING = "Write your name."
EMAIL_MISSING = "Write your e-mail address."
WRONG_PHONE = "Write the phone number with its area code, in digits."
PHONE_MISSING = "Write your phone number."
WRONG_PICTURE = "Send a PNG, JPEG or WebP picture of up to 8 MB in which your signature can be seen."


@dataclass(frozen=True, kw_only=True)
class MarkForm:
    """A signature or initials before the picture is kept."""

    kind: MarkKind
    text: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A certificate's file with its password: in memory, for as long as the request."""

    p12: bytes = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SignatureForm:
    particulars: Particulars
    mark: MarkForm
    initials: MarkForm | None
    values: Mapping[FieldId, str]
    accepted: bool
    holding: Holding | None
    """Their own certificate, if one is asked of them."""
    seen: tuple[Digest, ...]
    latitude: str | None
    longitude: str | None
    errors: Mapping[str, str]
    again: Mapping[str, str] = field(repr=False)
    """What the inputs get back when there are errors."""

    @property
    def typed(self) -> Typed:
        return Typed(values=self.again, errors=self.errors)


def read_signature(form: FormData, envelope: Envelope, signer: Signer, clean: Pictures) -> SignatureForm:
    particulars, wrong = read_particulars(form, signer)
    answers, unanswered = _answers(form, signer)
    particulars = replace(particulars, answers=answers)
    mark = _mark(form, "mark", signer.name if not signer.options.draw else "", clean)
    asks_initials = _asks_initials(envelope, signer)
    initials = _mark(form, "initials", initials_of(signer.name), clean) if asks_initials else None
    values, misfits = _values(form, envelope, signer)
    accepted = _text(form, "terms") == "on"
    holding = _holding(form) if signer.options.certificate else None
    if holding is not None and not holding.p12:
        wrong["certificate"] = errors.CertificateMissing().template
    wrong = {**wrong, **unanswered, **misfits, **_mark_errors("mark", mark)}
    if initials is not None:
        wrong.update(_mark_errors("initials", initials))
    if not accepted:
        wrong["terms"] = errors.TermsNotAccepted().template
    return SignatureForm(
        particulars=particulars,
        mark=mark,
        initials=initials,
        values=values,
        accepted=accepted,
        holding=holding,
        seen=tuple(Digest(str(one)) for one in form.getlist("seen")),
        latitude=_degrees(form, "latitude", 90),
        longitude=_degrees(form, "longitude", 180),
        errors=wrong,
        again={**_texts(form), **_kept_mark("mark", mark), **_kept_mark("initials", initials)},
    )


def read_particulars(form: FormData, signer: Signer) -> tuple[Particulars, dict[str, str]]:
    """What was asked of them; `None` for what was not. A confirmed e-mail address can no longer change."""
    options = signer.options
    if options.one_click:
        return Particulars(), {}
    given = Particulars(
        name=None if options.lock_name else _text(form, "name"),
        email=_text(form, "email") if asks_email(signer) else None,
        phone=_text(form, "phone") if asks_phone(signer) else None,
        tax_id=_text(form, "tax_id") if asks_tax_id(signer) else None,
        birth_date=_text(form, "birth_date") if options.check_tax_id else None,
    )
    return given, _particulars_errors(given, signer)


def read_address(form: FormData, signer: Signer) -> tuple[Particulars, dict[str, str]]:
    """Where their code is to go, if nobody knows it yet."""
    channel = signer.options.code_channel
    given, wrong = read_particulars(form, signer)
    if channel is None or signer.address_at(channel):
        return Particulars(), {}
    if channel is Channel.EMAIL:
        return Particulars(email=given.email), {"email": wrong["email"]} if "email" in wrong else {}
    return Particulars(phone=given.phone), {"phone": wrong["phone"]} if "phone" in wrong else {}


def asks_email(signer: Signer) -> bool:
    options = signer.options
    proved = options.email_code and bool(signer.email)
    return (options.ask_email or options.email_code) and not options.lock_email and not proved


def asks_phone(signer: Signer) -> bool:
    options = signer.options
    coded = options.code_channel in (Channel.SMS, Channel.WHATSAPP)
    return (options.ask_phone or coded) and not options.lock_phone and not (coded and signer.phone)


def asks_tax_id(signer: Signer) -> bool:
    options = signer.options
    wanted = options.ask_tax_id or options.check_tax_id
    return wanted and not options.prove_tax_id and not signer.tax_id


def _particulars_errors(given: Particulars, signer: Signer) -> dict[str, str]:
    wrong = {}
    if given.name == "":
        wrong["name"] = NAME_MISSING
    if given.email == "":
        wrong["email"] = EMAIL_MISSING
    elif given.email and not _is_email(given.email):
        wrong["email"] = WRONG_EMAIL
    if given.phone == "" and (signer.phone or signer.options.code_channel in (Channel.SMS, Channel.WHATSAPP)):
        wrong["phone"] = PHONE_MISSING
    elif given.phone and not _is_phone(given.phone):
        wrong["phone"] = WRONG_PHONE
    if given.tax_id is not None and not (is_cpf(given.tax_id) or is_cnpj(given.tax_id)):
        wrong["tax_id"] = WRONG_TAX_ID
    if given.birth_date is not None and not _is_birth_date(given.birth_date):
        wrong["birth_date"] = WRONG_BIRTH_DATE
    return wrong


def _is_email(text: str) -> bool:
    name, _, host = text.rpartition("@")
    return bool(name) and "." in host and not any(sign.isspace() or sign in '<>,;"' for sign in text)


def _is_birth_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).year >= 1900
    except ValueError:
        return False


def _is_phone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return 8 <= digits <= 15 and all(sign.isdigit() or sign in " ()+-." for sign in text)


def _mark(form: FormData, name: str, fallback: str, clean: Pictures) -> MarkForm:
    kind = _text(form, f"{name}_kind")
    if kind == MarkKind.DRAWN:
        drawn = pictures.from_data_url(_long_text(form, f"{name}_drawing"))
        return MarkForm(kind=MarkKind.DRAWN, picture=clean.mark(drawn or b""))
    if kind == MarkKind.UPLOADED:
        return MarkForm(kind=MarkKind.UPLOADED, picture=_uploaded(form, name, clean))
    return MarkForm(kind=MarkKind.TYPED, text=_text(form, f"{name}_text") or fallback)


def _uploaded(form: FormData, name: str, clean: Pictures) -> bytes | None:
    """The file, or the one that came before when the form came back with an error elsewhere."""
    sent = form.get(f"{name}_upload")
    if isinstance(sent, UploadFile) and sent.size:
        return clean.mark(sent.file.read(MAX_MARK_BYTES + 1))
    kept = pictures.from_data_url(_long_text(form, f"{name}_kept"))
    return clean.mark(kept) if kept else None


def _holding(form: FormData) -> Holding:
    sent = form.get("certificate")
    content = sent.file.read(LARGEST_CERTIFICATE) if isinstance(sent, UploadFile) else b""
    password = form.get(PASSWORD)
    return Holding(p12=content, password=password[:1_000] if isinstance(password, str) else "")


PASSWORD = "certificate_password"  # noqa: S105 - an input's name
LARGEST_CERTIFICATE = 300_000


def _mark_errors(name: str, mark: MarkForm) -> dict[str, str]:
    if mark.picture is not None or mark.text:
        return {}
    wrong = WRONG_PICTURE if mark.kind is MarkKind.UPLOADED else errors.MarkMissing().template
    return {name: wrong}


def _kept_mark(name: str, mark: MarkForm | None) -> dict[str, str]:
    if mark is None or mark.picture is None:
        return {}
    shown = pictures.as_data_url(mark.picture)
    return {f"{name}_drawing" if mark.kind is MarkKind.DRAWN else f"{name}_kept": shown}


def _values(form: FormData, envelope: Envelope, signer: Signer) -> tuple[dict[FieldId, str], dict[str, str]]:
    values, wrong = {}, {}
    for one in envelope.fields_of(signer.id):
        if one.kind in DRAWN:
            continue
        typed = _text(form, field_key(one.id))
        values[one.id] = _as_written(typed, envelope.language) if one.kind is FieldKind.DATE else typed
        try:
            check_values([one], values)
        except (errors.ValueMissing, errors.ValueInvalid) as refusal:
            wrong[field_key(one.id)] = refusal.template
    return {key: value for key, value in values.items() if value}, wrong


def _answers(form: FormData, signer: Signer) -> tuple[dict[str, str], dict[str, str]]:
    """As they were typed; the questions are asked again when the act is kept."""
    answers, wrong = {}, {}
    for one in signer.options.questions:
        answers[one.key] = _text(form, question_key(one))
        try:
            one.read(answers[one.key])
        except Refusal as refusal:
            wrong[question_key(one)] = refusal.template
    return answers, wrong


def _as_written(value: str, language: str) -> str:
    """A browser sends dates as computers do; they go into the document as people write them."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return value if language == "en" else day.strftime("%d/%m/%Y")


def _asks_initials(envelope: Envelope, signer: Signer) -> bool:
    return any(one.kind is FieldKind.INITIALS for one in envelope.fields_of(signer.id))


def _degrees(form: FormData, name: str, limit: int) -> str | None:
    try:
        degrees = float(_text(form, name))
    except ValueError:
        return None
    return f"{degrees:.6f}" if -limit <= degrees <= limit else None


def _texts(form: FormData) -> dict[str, str]:
    """Not the drawings: they are long, and are kept once they were checked. A password goes back nowhere."""
    texts = {name: value for name, value in form.items() if isinstance(value, str) and name != PASSWORD}
    return {name: value for name, value in texts.items() if len(value) <= _LONGEST_VALUE}


_LONGEST_VALUE = 2_000


def _text(form: FormData, name: str) -> str:
    return _long_text(form, name).strip()[:_LONGEST_VALUE]


def _long_text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
