"""The account: its plan, which here is nobody's to sell, and its people."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import JSONResponse, Response

from lacre.accounts import actions
from lacre.accounts.account import User
from lacre.dialects.zapsign import finding, words
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.pages import Paged
from lacre.dialects.zapsign.wire import NewUser
from lacre.kit.ids import UserId
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound

CREATED = "Usuário criado com sucesso."
REMOVED = "Usuário excluído da organização com sucesso."
ALREADY_THERE = "O usuário já faz parte da organização."
PAGE = 25
PLAN = "Lacre"
CREDITS = "1000000"
"""Nothing is charged for, and clients look whether there is something left."""
_YEAR = timedelta(days=365)


def plan(call: Call) -> Response:
    """Always there, paid unless a partner says otherwise, and with a year to go."""
    with call.services.open_work() as work:
        account = work.accounts.get(call.account_id)
    return JSONResponse(
        {
            "name": PLAN,
            "number_of_credits": CREDITS,
            "status": words.PLAN_STATUSES[account.suspended],
            "period": "annual",
            "current_period_end": f"{call.now + _YEAR:%d-%m-%Y}",
        }
    )


def users(call: Call) -> Response:
    with call.services.open_work() as work:
        people = work.accounts.users(call.account_id)
    page = Paged.of(call, per_page=PAGE)
    return JSONResponse(page.answer([shown_user(one) for one in page.cut(people)], total=len(people)))


def create_user(call: Call) -> Response:
    """They get a mail with a link by which they choose a password."""
    finding.require_administrator(call)
    said = call.read(NewUser)
    new = User(
        id=UserId(call.services.tokens.uuid()),
        account_id=call.account_id,
        email=said.email,
        name=said.first_name,
        password=None,
        created_at=call.now,
        role=words.ROLES[said.role],
        last_name=said.last_name,
        phone_country=said.phone_country,
        phone=said.phone_number,
    )
    with call.services.open_work() as work:
        if actions.invite_user(work, new, now=call.now) != new:
            raise Declined(400, {"message": ALREADY_THERE})
    return JSONResponse({"message": CREATED})


def remove_user(call: Call) -> Response:
    finding.require_administrator(call)
    with call.services.open_work() as work:
        user = work.accounts.user_by_email(call.path["email"])
        if user is None or user.account_id != call.account_id:
            raise NotFound("user")
        actions.remove_user(work, user)
    return JSONResponse({"message": REMOVED})


def shown_user(user: User) -> dict[str, Json]:
    """Who gave one name gave both of them in it."""
    first, _, last = user.name.partition(" ")
    return {
        "first_name": user.name if user.last_name else first,
        "last_name": user.last_name or last,
        "email": user.email,
        "email_verified": user.password is not None,
        "user_group": {"name": words.ROLE_WORDS[user.role]},
    }
