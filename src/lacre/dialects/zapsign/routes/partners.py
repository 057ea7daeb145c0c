"""Partners: accounts that open others and answer for them, as far as the operator allows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO

from starlette.responses import JSONResponse, PlainTextResponse, Response

from lacre.accounts import actions
from lacre.accounts.account import Account, Role, User
from lacre.dialects.zapsign import finding, words
from lacre.dialects.zapsign.auth import DIALECT
from lacre.dialects.zapsign.dates import NotADay, day_of
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.routes.account import CREDITS, PLAN
from lacre.dialects.zapsign.wire import NewCompany, PaymentStatus
from lacre.kit.ids import AccountId, UserId
from lacre.kit.times import BRASILIA, end_of_day, rfc3339
from lacre.services import Work
from lacre.signing.evidence import Identification
from lacre.signing.signer import Channel

NO_PLAN = "Plan necesario para crear empresa parceira."
IS_A_CUSTOMER = "Ação não permitida para empresa parceira."
UPDATED = "Status atualizado com sucesso."
NOT_THEIRS = "A organização especificada não é parceira da organização atual."
UNKNOWN = "A organização especificada não foi encontrada."
TOO_LONG = "Date range cannot exceed 30 days"
NOT_A_DAY = "Date must be in the format YYYY-MM-DD"
BACKWARDS = "start_date must be less than or equal to end_date"
LONGEST = timedelta(days=30)
COLUMNS = (
    "id", "name", "brand_name", "plan_name", "credits", "status", "period", "current_period_end",
    "documents_created", "envelopes_created", "qty_sms", "qty_whatsapp", "qty_digital_certificate",
    "qty_biometry_sov", "qty_facial_recognition", "qty_identity_verification", "qty_liveness",
)  # fmt: skip
_NOT_MADE = (0,) * 4
"""The last columns: checks by companies."""


def open_company(call: Call) -> Response:
    """Its API token is shown this once; whoever is named is invited as a member."""
    finding.require_administrator(call)
    said = call.read(NewCompany)
    (token,) = (one.secret for one in call.services.new_keys(DIALECT))
    with call.services.open_work() as work:
        partner = work.accounts.get(call.account_id)
        if partner.partner_id is not None:
            raise Declined(403, IS_A_CUSTOMER)
        if not partner.opens_accounts:
            raise Declined(403, NO_PLAN)
        company = actions.open_for(work, partner, _company(call, said))
        _give_token(work, call, company, token)
        if said.email:
            actions.invite_user(work, _member(call, said, company), now=call.now)
    return JSONResponse(
        {
            "id": company.number,
            "name": company.shown_name,
            "api_token": token,
            "created_at": rfc3339(company.created_at),
            "credits_balance": 0,
            "lang": company.language,
            "timezone": "America/Brasilia",
        }
    )


def update_payment_status(call: Call) -> Response:
    """`inadimplente`: nothing new is created until `adimplente`. Its answers are plain texts."""
    finding.require_administrator(call)
    said = call.read(PaymentStatus)
    digest = call.services.tokens.digest(said.client_api_token)
    with call.services.open_work() as work:
        key = work.accounts.key_by_digest(digest, DIALECT)
        if key is None:
            return PlainTextResponse(UNKNOWN, 404)
        partner, customer = work.accounts.get(call.account_id), work.accounts.get(key.account_id)
        if customer.partner_id != partner.id:
            return PlainTextResponse(NOT_THEIRS, 403)
        actions.suspend(work, partner, customer, suspended=words.SUSPENDED[said.payment_status])
    return PlainTextResponse(UPDATED)


def usage(call: Call) -> Response:
    """A line for the account and one for each that it opened."""
    finding.require_administrator(call)
    since, until = _span(call)
    text = StringIO()
    writing = csv.writer(text, lineterminator="\n")
    writing.writerow(COLUMNS)
    with call.services.open_work() as work:
        mine = work.accounts.get(call.account_id)
        for account in (mine, *work.accounts.of_partner(mine.id)):
            writing.writerow(_line(work, account, since, until, call.now))
    headers = {"content-disposition": 'attachment; filename="partners.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _company(call: Call, said: NewCompany) -> Account:
    return Account(
        id=AccountId(call.services.tokens.uuid()),
        name=said.company_name,
        created_at=call.now,
        language=said.lang,
    )


def _give_token(work: Work, call: Call, company: Account, token: str) -> None:
    tokens = call.services.tokens
    actions.give_key(
        work,
        company,
        dialect=DIALECT,
        key_id=tokens.uuid(),
        key=token,
        digest=tokens.digest(token),
        now=call.now,
    )


def _member(call: Call, said: NewCompany, company: Account) -> User:
    return User(
        id=UserId(call.services.tokens.uuid()),
        account_id=company.id,
        email=said.email,
        name="",
        password=None,
        created_at=call.now,
        role=Role.MEMBER,
        phone_country=said.phone_country,
        phone=said.phone_number,
    )


def _span(call: Call) -> tuple[datetime, datetime]:
    """From the first day's begin up to the last one's end, in Brasília."""
    today = call.now.astimezone(BRASILIA).date()
    first = _day(call, "start_date") or today - LONGEST
    last = _day(call, "end_date") or today
    if first > last:
        raise _wrong(BACKWARDS)
    if last - first > LONGEST:
        raise _wrong(TOO_LONG)
    return end_of_day(first - timedelta(days=1)), end_of_day(last)


def _day(call: Call, name: str) -> date | None:
    try:
        day = day_of(call.query.get(name))
    except NotADay:
        raise _wrong(NOT_A_DAY) from None
    if day is not None and not date(1970, 1, 2) <= day <= date(9000, 1, 1):
        raise _wrong(NOT_A_DAY)
    return day


def _wrong(text: str) -> Declined:
    return Declined(400, {"non_field_errors": [text]})


def _line(work: Work, account: Account, since: datetime, until: datetime, now: datetime) -> Iterator[object]:
    envelopes, documents = work.accounts.created_between(account.id, since, until)
    suspended = account.suspended
    yield from (account.number, _plainly(account.shown_name), _plainly(account.shown_name))
    yield from ("", "0", "no_subscription") if suspended else (PLAN, CREDITS, words.PLAN_STATUSES[suspended])
    yield from ("annual", f"{now + timedelta(days=365):%Y-%m-%d}")
    sent = work.mails.sent_between(account.id, since, until)
    certificates = work.audit.signed_by(account.id, Identification.CERTIFICATE, since, until)
    used = (sent.get(Channel.SMS, 0), sent.get(Channel.WHATSAPP, 0), certificates)
    yield from (documents, envelopes, *used, *_NOT_MADE)


def _plainly(name: str) -> str:
    """A name that a spreadsheet would take for a formula is none."""
    return f"'{name}" if name[:1] in tuple("=+-@\t\r") else name
