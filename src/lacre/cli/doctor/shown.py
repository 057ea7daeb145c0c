"""What may be shown of the settings, and what must never be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from lacre.settings import Settings

HIDDEN = "***"
_SHORTEST = 3  # hiding every "a" would hide what is wrong


def shown(settings: Settings) -> list[dict[str, str]]:
    """Each setting in force, and where it comes from."""
    return [
        {
            "name": f"LACRE_{name.upper()}",
            "value": _value(getattr(settings, name)),
            "source": _source(settings, name),
        }
        for name in type(settings).model_fields
    ]


def without_secrets(settings: Settings, text: str) -> str:
    """The last net: whatever a server or a library repeats of what it was given."""
    for secret in sorted(_secrets(settings), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _value(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else ""
    if isinstance(value, str) and "://" in value:
        return _without_password(value)
    return "" if value is None else str(value)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{HIDDEN}@{host}"))


def _source(settings: Settings, name: str) -> str:
    if f"LACRE_{name.upper()}" in {known.upper() for known in os.environ}:
        return "environment"
    return ".env" if name in settings.model_fields_set else "default"


def _secrets(settings: Settings) -> Iterator[str]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if isinstance(value, SecretStr):
            yield from _long_enough(text, *text.split(","))
        if "://" in text:
            password = urlsplit(text).password or ""
            yield from _long_enough(password, unquote(password))
    yield from _long_enough(os.environ.get("AWS_SECRET_ACCESS_KEY", ""))


def _long_enough(*secrets: str) -> Iterator[str]:
    return (secret.strip() for secret in secrets if len(secret.strip()) >= _SHORTEST)
