"""A person of the console, signed in, as a browser without scripts: opens pages, sends their forms.

ana = Visitor(house, account)
page = ana.open("/app/")
ana.send("/app/keys", name="ERP", dialect="native")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import TracebackType
from typing import Self

import httpx2

from lacre.accounts.account import Account, Role, User
from lacre.kit.ids import AccountId, UserId, new_uuid
from lacre.web.console.session import Sessions
from tests.support.house import House

PASSWORD = "papel com tinta azul"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@cache
def _hashed(house: House) -> str:
    return house.services.passwords.hash(PASSWORD)


def new_account(house: House, name: str = "") -> AccountId:
    account = AccountId(new_uuid())
    with house.services.open_work() as work:
        work.accounts.add(Account(id=account, name=name or account, created_at=house.now()))
    return account


def new_user(house: House, account: AccountId, *, password: bool = True, role: Role = Role.OWNER) -> User:
    user = User(
        id=UserId(new_uuid()),
        account_id=account,
        email=f"{new_uuid()}@example.test",
        name="",
        password=_hashed(house) if password else None,
        created_at=house.now(),
        role=role,
    )
    with house.services.open_work() as work:
        work.accounts.add_user(user)
    return user


class Visitor:
    def __init__(self, house: House, account: AccountId, *, role: Role = Role.OWNER) -> None:
        self.user = new_user(house, account, role=role)
        headers = {"user-agent": "Firefox/140", "accept-language": "pt-BR"}
        self.client = httpx2.Client(base_url=house.url, headers=headers, timeout=120, trust_env=False)
        with house.services.open_work() as work:
            secret = Sessions(house.services).start(work, self.user, house.now())
        self.client.cookies.set("lacre", secret)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def open(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def send(self, path: str, /, **said: str) -> httpx2.Response:
        """A form with its token; the redirect that answers it is not followed."""
        return self.send_as(SAME_ORIGIN, path, **said)

    def send_as(self, headers: Mapping[str, str], path: str, /, **said: str) -> httpx2.Response:
        """The same, with what the browser says of where the form stood."""
        return self.client.post(path, data={"form_token": self.form_token, **said}, headers=dict(headers))

    def send_and_look(self, path: str, /, **said: str) -> httpx2.Response:
        """Follows where the form leads."""
        answer = self.send(path, **said)
        assert answer.status_code == 303, answer.text
        return self.client.get(answer.headers["location"])

    @property
    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="(\w+)"', self.open("/app/").text)
        assert found is not None
        return found[1]


def just_now(answer: httpx2.Response) -> str:
    """As `text_of`, of what has just happened: at midnight that may be yesterday already."""
    return text_of(answer).replace(" ontem, ", " hoje, ")


def text_of(answer: httpx2.Response) -> str:
    """What stands on the page, without its tags."""
    body = re.sub(r"<(script|style|svg)[\s\S]*?</\1>", "", answer.text.partition("<body")[2])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
