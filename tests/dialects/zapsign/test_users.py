"""People of the account: listed, invited, removed."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from lacre.accounts.account import Role, User
from lacre.accounts.actions import INVITE
from lacre.dialects.zapsign import passes
from lacre.dialects.zapsign.errors import BAD_TOKEN
from lacre.engines.mail.stationery import JinjaStationery
from lacre.kit.ids import UserId, new_uuid
from lacre.signing.ports import Mail, Sent
from lacre.worker.inviting import invite as invite_by_mail
from tests.support.zapsign import golden
from tests.support.zapsign_desk import Desk


def owner_of(desk: Desk) -> User:
    user = User(
        id=UserId(new_uuid()),
        account_id=desk.account_id,
        email=f"ana@{desk.account_id}",
        name="Ana Souza Lima",
        password="hash",
        created_at=desk.services.clock(),
    )
    with desk.services.open_work() as work:
        work.accounts.add_user(user)
    return user


def invite(desk: Desk, **said: object) -> str:
    email = f"lorem@{desk.account_id}"
    desk.call("POST", "users/create-user", {"email": email, "first_name": "Lorem", **said})
    return email


def emails(desk: Desk) -> list[str]:
    return [one["email"] for one in desk.call("GET", "users/")["results"]]


def test_users_are_listed_as_in_their_file(desk: Desk) -> None:
    owner_of(desk)
    invite(desk, last_name="Ipsum")

    listed = json.loads(golden("users").decode().replace("EXAMPLE", desk.account_id))
    assert desk.call("GET", "users/") == listed


def test_a_user_is_created_and_gets_a_mail_with_a_link_that_lets_them_in_once(desk: Desk) -> None:
    said = {"email": f"lorem@{desk.account_id}", "role": "admin", "phone_number": "11999999999"}

    assert desk.call("POST", "users/create-user", said) == {"message": "Usuário criado com sucesso."}

    (mail,) = [one for one in _sent_invitations(desk) if one.to == said["email"]]
    secret = re.search(r"/app/enter\?link=([\w-]+)", mail.text)
    assert secret is not None
    digest, now = desk.services.tokens.digest(secret[1]), desk.services.clock()
    with desk.services.open_work() as work:
        user, again = (work.accounts.use_login_link(digest, now=now) for _ in range(2))
    assert user is not None
    assert (user.role, user.phone, user.password, again) == ("admin", "11999999999", None, None)


class _Mailbox:
    """`Mailer`."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> Sent:
        self.mails.append(mail)
        return Sent(message_id="1")


def _sent_invitations(desk: Desk) -> list[Mail]:
    """What the worker makes of the jobs that are due."""
    box, now = _Mailbox(), desk.services.clock()
    services = replace(desk.services, mailer=box, stationery=JinjaStationery(), messengers={})
    with desk.services.open_work() as work:
        jobs = work.queue.claim("worker", now=now, limit=99, kinds=[INVITE])
    for job in jobs:
        invite_by_mail(services, job, now)
    return box.mails


def test_whoever_looks_after_nothing_may_invite_nobody(desk: Desk) -> None:
    member = replace(owner_of(desk), id=UserId(new_uuid()), email=f"m@{desk.account_id}", role=Role.MEMBER)
    with desk.services.open_work() as work:
        work.accounts.add_user(member)
    token = passes.issued(desk.services, member, passes.ACCESS, now=desk.services.clock())

    headers = {"Authorization": f"Bearer {token}"}
    answer = desk.client.post("/api/v1/users/create-user", json={}, headers=headers)

    assert (answer.status_code, answer.json()["detail"]) == (403, BAD_TOKEN)


def test_who_is_limited_sees_by_api_too_only_what_they_sent(desk: Desk) -> None:
    owner_of(desk)
    email = invite(desk)
    mine, other = desk.create(created_by=email)["token"], desk.create()["token"]
    with desk.services.open_work() as work:
        user = work.accounts.user_by_email(email)
    assert user is not None
    token = passes.issued(desk.services, user, passes.ACCESS, now=desk.services.clock())
    headers = {"Authorization": f"Bearer {token}"}

    listed = desk.call("GET", "docs/", headers=headers)["results"]

    assert [one["token"] for one in listed] == [mine]
    assert desk.call("GET", f"docs/{mine}/", headers=headers)["token"] == mine
    assert desk.refused("GET", f"docs/{other}/", headers=headers)[0] == 404


def test_nobody_is_created_twice_or_taken_from_another_account(desk: Desk, stranger: Desk) -> None:
    email = invite(desk)

    again = desk.refused("POST", "users/create-user", {"email": email})
    elsewhere = stranger.refused("POST", "users/create-user", {"email": email})

    assert again == (400, {"message": "O usuário já faz parte da organização."})
    taken = f"O e-mail {email} já pertence a um usuário de outra organização."
    assert elsewhere == (400, {"detail": taken})


@pytest.mark.parametrize("role", ["owner", "chief", 7])
def test_no_other_role_can_be_given(desk: Desk, role: object) -> None:
    status, said = desk.refused("POST", "users/create-user", {"email": "x@y.test", "role": role})

    assert (status, said["data"]) == (400, {"role": ["Este campo não é válido."]})


def test_an_email_is_required(desk: Desk) -> None:
    _, said = desk.refused("POST", "users/create-user", {"first_name": "Lorem"})

    assert said == {"message": "Invalid Input", "data": {"email": ["Este campo é obrigatório."]}}


def test_a_user_is_removed_but_never_the_owner(desk: Desk) -> None:
    owner, email = owner_of(desk), invite(desk)

    removed = desk.call("DELETE", f"users/{email}/")
    kept = desk.refused("DELETE", f"users/{owner.email}/")

    assert removed == {"message": "Usuário excluído da organização com sucesso."}
    text = "Não é possível remover usuários com permissão de proprietário da organização."
    assert kept == (400, {"detail": text})
    assert emails(desk) == [owner.email]


def test_a_user_of_another_account_is_not_there(desk: Desk, stranger: Desk) -> None:
    email = invite(desk)

    assert stranger.refused("DELETE", f"users/{email}/") == (404, {"detail": "Não encontrado."})
    assert emails(stranger) == []


def test_users_come_25_a_page(desk: Desk) -> None:
    for number in range(26):
        desk.call("POST", "users/create-user", {"email": f"{number}@{desk.account_id}"})

    first, second = (desk.call("GET", f"users/?page={page}") for page in (1, 2))

    assert (first["count"], len(first["results"]), len(second["results"])) == (26, 25, 1)
    assert first["next"].endswith("/api/v1/users/?page=2")
    assert second["previous"].endswith("/api/v1/users/?page=1")
    assert desk.refused("GET", "users/?page=3")[0] == 404
