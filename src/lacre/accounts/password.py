"""Which passwords people may choose: long enough to be hard, and not among those that are tried first."""

from __future__ import annotations

import re
from itertools import pairwise

from lacre.kit.refusal import Refusal

SHORTEST, LONGEST = 12, 128

# fmt: off
_USUAL_WORDS = frozenset({
    "password", "passw", "passwd", "senha", "segredo", "secret", "admin", "administrador",
    "administrator", "welcome", "bemvindo", "letmein", "qwerty", "qwertyuiop", "asdfgh",
    "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc", "abc", "abcd", "abcdef", "abcdefgh",
    "abcdefghijkl", "iloveyou", "teamo", "amor", "amormeu", "meuamor", "eteamo", "love", "brasil",
    "brazil", "flamengo", "corinthians", "palmeiras", "saopaulo", "santos", "vasco", "gremio",
    "cruzeiro", "internacional", "jesus", "jesuscristo", "deus", "deusefiel", "familia", "mudar",
    "trocar", "changeme", "change", "mudarsenha", "minhasenha", "novasenha", "test", "teste",
    "testing", "testando", "user", "usuario", "guest", "root", "default", "master", "monkey",
    "dragon", "football", "futebol", "baseball", "superman", "batman", "princess", "princesa",
    "sunshine", "shadow", "michael", "computer", "computador", "internet", "documento",
    "documentos", "contrato", "assinatura", "lacre", "lacrelacre", "empresa",
    "correcthorsebatterystaple", "trustno", "hello", "ola", "helloworld", "access", "acesso",
    "login", "entrar", "pass", "word",
})
# fmt: on
_LEET = str.maketrans("013457@$!|8", "oieastasiib")


class PasswordTooShort(Refusal):
    """Use at least {0} characters; a few words that only you would put together are easy to remember."""


class PasswordTooLong(Refusal):
    """Use at most {0} characters."""


class PasswordGuessable(Refusal):
    """This password is among the first that are tried. Join a few words that don't belong together."""


def check_password(password: str, *, email: str = "") -> None:
    if len(password) < SHORTEST:
        raise PasswordTooShort(SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(LONGEST)
    if _is_guessable(password.casefold(), email.casefold()):
        raise PasswordGuessable


def _is_guessable(password: str, email: str) -> bool:
    name = email.partition("@")[0]
    if password == email or (len(name) > 3 and _rest(password, name) == ""):
        return True
    return len(set(password)) < 5 or _is_run(password) or _is_usual(password)


def _is_usual(password: str) -> bool:
    """A usual word, once or more, dressed up with digits and signs: `Senha@123456`, `P4ssw0rdP4ssw0rd`."""
    bare = re.sub(r"[\d\W_]+", "", password)
    read = re.sub(r"[\W_]+", "", password.strip("0123456789!@#$%&*._- ").translate(_LEET))
    return not bare or any(_made_of(text, _USUAL_WORDS) for text in (bare, read))


def _made_of(text: str, words: frozenset[str]) -> bool:
    """Whether usual words follow one another from the first letter to the last."""
    reached = {0}
    for end in range(1, len(text) + 1):
        if any(text[start:end] in words for start in reached):
            reached.add(end)
    return len(text) in reached


def _is_run(password: str) -> bool:
    """`abcdefghijkl`, `987654321098`: nearly every sign follows from the one before it."""
    steps = [ord(after) - ord(before) for before, after in pairwise(password)]
    return max(steps.count(step) for step in (1, -1, 0)) >= len(steps) - 2


def _rest(password: str, name: str) -> str:
    return re.sub(r"[\d\W_]+", "", password.replace(name, ""))
