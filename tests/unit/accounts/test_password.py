"""Which passwords people may choose."""

from __future__ import annotations

import pytest

from lacre.accounts.password import (
    PasswordGuessable,
    PasswordTooLong,
    PasswordTooShort,
    check_password,
)


@pytest.mark.parametrize(
    "password",
    [
        "papel com tinta azul",
        "Vela#sebo7sótão",
        "correto cavalo bateria",
        "x8Kq!w2ZpLm4",
        "árvore ônibus pão",
        "senha do cofre da vovó Lurdes",
    ],
)
def test_words_that_do_not_belong_together_are_taken(password: str) -> None:
    check_password(password, email="ana@example.test")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Senha@123456",
        "P4ssw0rdP4ssw0rd",
        "senhasenhasenha",
        "MinhaSenha2026!",
        "123456789012",
        "abcdefghijkl",
        "210987654321",
        "aaaaaaaaaaaa",
        "abababababab",
        "Flamengo2026!!",
        "ana.souza@example.test",
        "ana.souza12345",
        "!!!!!!!!????",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordGuessable):
        check_password(password, email="ana.souza@example.test")


def test_length_counts() -> None:
    with pytest.raises(PasswordTooShort):
        check_password("azul e verde"[:11])
    with pytest.raises(PasswordTooLong):
        check_password("papel azul " * 12)
