"""API keys are shown once, told apart by their last signs, renewed and revoked."""

from __future__ import annotations

import re

import pytest

from lacre.accounts.account import ApiKey
from lacre.kit.ids import AccountId, new_uuid
from tests.support.house import House
from tests.support.visitor import Visitor, text_of


def test_a_key_is_shown_once_and_works(ana: Visitor, house: House) -> None:
    answer = ana.send("/app/keys", dialect="zapsign", name="ERP da matriz")

    secret = shown_key(answer.text)
    with house.services.open_work() as work:
        kept = work.accounts.key_by_digest(house.services.tokens.digest(secret), "zapsign")
    again = ana.open("/app/keys").text
    assert kept is not None
    assert kept.name == "ERP da matriz"
    assert secret not in again
    assert f"ERP da matriz…{secret[-4:]}" in again.replace('</span><span class="quiet mono">', "")


def test_a_revoked_key_works_no_longer(ana: Visitor, house: House) -> None:
    secret = shown_key(ana.send("/app/keys", dialect="zapsign").text)
    address = re.search(r'action="(/app/keys/[^"]+/revoke)"', ana.open("/app/keys").text)
    assert address is not None

    page = ana.send_and_look(address[1])

    with house.services.open_work() as work:
        assert work.accounts.key_by_digest(house.services.tokens.digest(secret), "zapsign") is None
    assert "A chave foi revogada." in text_of(page)
    assert "1 chave revogada" in text_of(page)


@pytest.mark.parametrize("dialect", ["native", "zapsign", "idexa", "fastnotas"])
def test_a_renewed_key_has_another_in_its_place(ana: Visitor, house: House, dialect: str) -> None:
    old = shown_key(ana.send("/app/keys", dialect=dialect, name="ERP").text)
    (renewal,) = renewals(ana)

    page = ana.send(renewal)

    new = shown_key(page.text)
    assert known(house, old, dialect) is None
    assert known(house, new, dialect) == ("ERP", new[-4:])
    assert f"A que terminava em {old[-4:]} é recusada a partir de agora." in text_of(page)


def test_a_key_is_renewed_once(ana: Visitor, house: House, account: AccountId) -> None:
    ana.send("/app/keys", dialect="native")
    (renewal,) = renewals(ana)
    ana.send(renewal)

    page = ana.send_and_look(renewal)

    with house.services.open_work() as work:
        assert len(work.accounts.keys(account)) == 2
    assert "Esta chave já foi renovada ou revogada." in text_of(page)


def test_the_key_of_another_account_is_not_renewed(ana: Visitor, davi: Visitor, house: House) -> None:
    secret = shown_key(ana.send("/app/keys", dialect="native").text)
    (renewal,) = renewals(ana)

    answer = davi.send(renewal)

    assert answer.status_code == 404
    assert known(house, secret, "native") is not None


def renewals(ana: Visitor) -> list[str]:
    return renewals_in(ana.open("/app/keys").text)


def renewals_in(page: str) -> list[str]:
    return re.findall(r'action="(/app/keys/[^"]+/renew)"', page)


def known(house: House, secret: str, dialect: str) -> tuple[str, str] | None:
    with house.services.open_work() as work:
        kept = work.accounts.key_by_digest(house.services.tokens.digest(secret), dialect)
    return None if kept is None else (kept.name, kept.hint)


def shown_key(page: str) -> str:
    found = re.search(r'id="secret" class="mono" readonly value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_many_keys_are_turned_page_by_page(ana: Visitor, house: House, account: AccountId) -> None:
    many(house, account, 60)

    first = ana.open("/app/keys").text
    seen, further = renewals_in(first), re.search(r'rel="next" href="([^"]+)"', first)
    while further:
        page = ana.open(further[1]).text
        seen, further = seen + renewals_in(page), re.search(r'rel="next" href="([^"]+)"', page)

    assert len(renewals_in(first)) == 25
    assert (len(seen), len(set(seen))) == (60, 60)


def many(house: House, account: AccountId, count: int) -> None:
    with house.services.open_work() as work:
        for number in range(count):
            key = ApiKey(
                id=new_uuid(),
                account_id=account,
                dialect="native",
                digest=house.services.tokens.digest(f"{account} {number}"),
                hint="abcd",
                name="",
                created_at=house.now(),
            )
            work.accounts.add_key(key)
