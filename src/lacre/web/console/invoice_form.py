"""The form that an invoice is ordered with: what is common in sight, what is rare folded away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.datastructures import FormData

from lacre.fiscal import actions
from lacre.fiscal.actions import Order
from lacre.fiscal.customer import Customer
from lacre.fiscal.errors import (
    AlreadyCorrected,
    FieldInvalid,
    InvoiceNotPossible,
    NotToBeCorrected,
    ReplacementReasonInvalid,
)
from lacre.fiscal.introducing import introduce
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.note import ReplaceReason
from lacre.fiscal.replacing import Replacing
from lacre.fiscal.schema import Schema
from lacre.kit.ids import CustomerId, InvoiceId, SchemaId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.kit.times import BRASILIA
from lacre.web.console import correcting, notes, particular_form, party_form, plain_form, replacing
from lacre.web.console.door import Answer, Goto, Page, TurnedBack, Visit
from lacre.web.console.fiscal_words import field_words, said_by_office, told
from lacre.web.console.said import Said, refused

REPLACING = ("replaces", "replace_reason", "replace_text")
FIELDS = (
    "corrects",
    *REPLACING,
    "schema",
    "customer_name",
    "tax_id",
    "email",
    "description",
    "service_code",
    "amount",
    "issue_on",
)
MOST_SCHEMAS = 100


def new(visit: Visit) -> Answer:
    """Filled in from the invoice that is to be corrected or replaced, if one is."""
    if visit.asked("corrects"):
        return _correction(visit, visit.asked("corrects"))
    today = {"issue_on": visit.now.astimezone(BRASILIA).date().isoformat()}
    old = _invoice(visit, visit.asked("replaces"))
    return _form(visit, today if old is None else today | replacing.filled(old), {})


def create(visit: Visit) -> Answer:
    """The form is shown again with what is wrong; what the tax office says comes later."""
    typed = _typed(visit)
    if visit.typed("more", 20):
        # one more document to deduct, on a page that runs no scripts
        return _form(visit, typed, {})
    if told_already := {**plain_form.wrong(typed), **party_form.wrong(typed)}:
        return _form(visit, typed, told_already)
    try:
        wanted = _order(visit, typed)
        made = actions.order(visit.work, visit.services.fiscal_desk, wanted, now=visit.now)
    except FieldInvalid as wrong:
        raise TurnedBack(_form(visit, typed, _placed(wrong, typed))) from wrong
    except ReplacementReasonInvalid as wrong:
        raise TurnedBack(_form(visit, typed, {"replace_text": notes.REPLACEMENT_UNEXPLAINED})) from wrong
    except InvoiceNotPossible as wrong:
        raise TurnedBack(_form(visit, typed, _each_placed(wrong, typed, visit.language))) from wrong
    return Goto(f"/app/invoices/{made.id}", Said(words=notes.INVOICE_ORDERED))


def schemas(visit: Visit) -> Sequence[Schema]:
    found = visit.work.books.schemas.find([visit.account_id], None, offset=0, limit=MOST_SCHEMAS)
    return [one for one in found.items if one.certificate is not None]


def _order(visit: Visit, typed: Mapping[str, str]) -> Order:
    books = visit.work.books
    schema = books.schemas.get(visit.account_id, SchemaId(typed["schema"]))
    old = _invoice(visit, typed["replaces"])
    corrected = _to_correct(visit, typed["corrects"])
    model = corrected or old
    description = plain_form.description(typed)
    line = Line(
        id=visit.services.tokens.uuid(),
        item_id=None,
        name=description[:120],
        description=description,
        amount=plain_form.amount(typed),
        settings=replacing.settings_of(model, typed),
    )
    return Order(
        company=books.companies.get(visit.account_id, schema.company_id),
        customer=_customer(visit, typed, model),
        schema=schema,
        lines=[line],
        issue_on=plain_form.issue_on(typed),
        details=replacing.details_of(model) if model else {},
        replaces=_replacing(old, typed) if old else None,
        corrects=corrected,
    )


def _correction(visit: Visit, typed: str) -> Answer:
    try:
        found = _to_correct(visit, typed)
    except (AlreadyCorrected, NotToBeCorrected) as refusal:
        return Goto(f"/app/invoices/{typed}", refused(refusal))
    return _form(visit, correcting.filled(found) if found else {}, {})


def _to_correct(visit: Visit, typed: str) -> Invoice | None:
    found = _invoice(visit, typed)
    if found is not None:
        found.require_correctable()
    return found


def _invoice(visit: Visit, typed: str) -> Invoice | None:
    """Of another account there is none."""
    if not typed:
        return None
    found = as_uuid(typed)
    if found is None:
        raise NotFound("invoice")
    return visit.work.books.invoices.get(visit.account_id, InvoiceId(found))


def _replacing(old: Invoice, typed: Mapping[str, str]) -> Replacing:
    reason = typed["replace_reason"]
    known = ReplaceReason(reason) if reason in tuple(ReplaceReason) else ReplaceReason.OTHER
    return Replacing(invoice=old, reason=known, text=typed["replace_text"])


def _customer(visit: Visit, typed: Mapping[str, str], model: Invoice | None) -> Customer:
    tokens = visit.services.tokens
    said = Customer(
        id=CustomerId(tokens.uuid()),
        account_id=visit.account_id,
        name=plain_form.customer_name(typed),
        registry_code=plain_form.tax_id(typed),
        foreign_id=typed["abroad.foreign_id"],
        no_foreign_id=typed["abroad.no_foreign_id"],
        email=typed["email"],
        phone=replacing.phone_of(model, typed) if model else None,
        address=party_form.address(typed, tokens.uuid()),
        created_at=visit.now,
        updated_at=visit.now,
    )
    return introduce(visit.work, said)


def _typed(visit: Visit) -> dict[str, str]:
    more = bool(visit.typed("more", 20))
    return {name: visit.typed(name) for name in FIELDS} | particular_form.read(visit.form, more=more)


def _placed(wrong: FieldInvalid, typed: Mapping[str, str]) -> dict[str, str]:
    place = particular_form.place_of(wrong.field, typed)
    return {place: field_words(wrong)} if place else {"note": _unplaced(wrong.field, wrong.problem)}


def _unplaced(field: str, said: str) -> str:
    """The environment is not of the note, and what is said of it says so itself."""
    return said if field == "environment" else f"{field}: {said}"


def _each_placed(wrong: InvoiceNotPossible, typed: Mapping[str, str], language: str) -> dict[str, str]:
    """By input; together above the form, with what the note calls it, what the form does not ask for."""
    found: dict[str, list[str]] = {}
    for one in wrong.problems:
        place, said = particular_form.place_of(one.field, typed), told(one, language)
        found.setdefault(place or "note", []).append(said if place else _unplaced(one.field, said))
    # an input's error is a pattern with a place for the input's name
    return {
        place: " ".join(said) if place == "note" else " ".join(said).replace("{", "{{").replace("}", "}}")
        for place, said in found.items()
    }


def _form(visit: Visit, typed: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    everything = {**dict.fromkeys(FIELDS, ""), **particular_form.read(FormData(), more=False), **typed}
    corrected = _to_correct(visit, everything["corrects"])
    values = {
        "schemas": schemas(visit),
        "last": corrected.last_exchange if corrected else None,
        "said_by_office": partial(said_by_office, language=visit.language),
        "typed": everything,
        "errors": errors,
        "folds": particular_form.folds(everything, errors),
        "papers": particular_form.papers(everything, errors),
        "most_papers": particular_form.MOST_DOCUMENTS,
    }
    return Page("console/invoice_new.html", values, status=422 if errors else 200)
