"""`Messenger` over any HTTP gateway of SMS or WhatsApp: what is sent and what means success are settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from lacre.signing.ports import MailFailed, PhoneMessage, Sent
from lacre.webhooks.ports import Sender
from lacre.webhooks.request import Answer, NoAnswer, Request

SECONDS = 20.0
PLACES = ("to", "digits", "text", "kind", "name", "title", "link", "code", "language", "key")
"""What a template may name in braces; `digits` is the phone without its plus sign."""
_LATER = frozenset({408, 425, 429})
_CLEAN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")


class GatewayUnusable(ValueError):
    """A gateway's setting that cannot be used; the message says why."""


def _listed(said: object) -> object:
    return said if isinstance(said, list | tuple) else [said]


class Success(BaseModel):
    """Which answers mean that the gateway took the message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Annotated[tuple[int, ...], BeforeValidator(_listed)] = ()
    """Empty: any from 200 to 299."""
    path: str = ""
    """Where in the answer's JSON the word stands that decides: `messages.0.status`. Empty: nowhere."""
    values: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """What that word may be."""
    id_path: str = ""
    """Where the gateway says what it calls the message."""


class Gateway(BaseModel):
    """`LACRE_SMS_GATEWAY` and `LACRE_WHATSAPP_GATEWAY`: JSON, or the path of a file that holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    url: str
    method: str = Field(default="POST", pattern="^(GET|POST|PUT|PATCH)$")
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Mapping[str, Any] | Sequence[Any] | None = Field(default=None, alias="json")
    """Sent as JSON, with its places filled wherever they stand in it."""
    form: Mapping[str, str] | None = None
    """Sent as a form, instead."""
    success: Success = Success()

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("url begins with https:// or http://")
        if self.body is not None and self.form is not None:
            raise ValueError("a body is json or form, not both")
        message = PhoneMessage(key="k", to="+55", text="t", kind="code")
        _request(self, message)
        return self

    @classmethod
    def parse(cls, setting: str) -> Self:
        """Raises `GatewayUnusable`, without a word of what was set: it holds secrets."""
        try:
            text = setting if setting.lstrip().startswith("{") else Path(setting).read_text(encoding="utf-8")
            return cls.model_validate_json(text)
        except OSError as problem:
            raise GatewayUnusable(f"its file cannot be read: {problem.strerror}") from None
        except ValidationError as problem:
            raise GatewayUnusable(_complaint(problem)) from None


class HttpMessenger:
    """Its way out is the product's own: the address is vetted, redirects are not followed."""

    def __init__(self, gateway: Gateway, sender: Sender) -> None:
        self._gateway, self._sender = gateway, sender

    def send(self, message: PhoneMessage) -> Sent | MailFailed:
        if not message.to:
            return MailFailed(reason="there is no phone number", retry=False)
        match self._sender.send(_request(self._gateway, message)):
            case NoAnswer(reason=reason):
                retry = reason not in ("url_invalid", "headers_invalid")
                return MailFailed(reason=f"the gateway gave no answer: {reason}", retry=retry)
            case Answer() as answer:
                return _judged(answer, self._gateway.success)


def _request(gateway: Gateway, message: PhoneMessage) -> Request:
    said = _said(message)
    content, kind = _content(gateway, said)
    headers = tuple((name, _filled(value, said)) for name, value in gateway.headers.items())
    given = {name.lower() for name, _ in headers}
    if kind and "content-type" not in given:
        headers = (("Content-Type", kind), *headers)
    return Request(
        method=gateway.method,
        url=_filled(gateway.url, {name: quote(value, safe="") for name, value in said.items()}),
        headers=headers,
        body=content,
        deadline_seconds=SECONDS,
        pool_key="gateway",
    )


def _content(gateway: Gateway, said: Mapping[str, str]) -> tuple[bytes, str]:
    if gateway.body is not None:
        filled = _each_filled(gateway.body, said)
        return json.dumps(filled, ensure_ascii=False).encode(), "application/json"
    if gateway.form is not None:
        pairs = [(name, _filled(value, said)) for name, value in gateway.form.items()]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    return b"", ""


def _said(message: PhoneMessage) -> dict[str, str]:
    digits = message.to.removeprefix("+")
    return {name: digits if name == "digits" else str(getattr(message, name)) for name in PLACES}


def _each_filled(value: Any, said: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return _filled(value, said)
    if isinstance(value, Mapping):
        return {name: _each_filled(one, said) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_each_filled(one, said) for one in value]
    return value


def _filled(template: str, said: Mapping[str, str]) -> str:
    """Each place filled once, so that a name with braces in it fills nothing; other braces stay."""
    filled, rest = "", template
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, closed, left = after.partition("}")
        known = bool(closed) and name in said
        filled += before + (said[name] if known else "{")
        rest = left if known else after
    return filled + rest


def _judged(answer: Answer, success: Success) -> Sent | MailFailed:
    """The reason names the status and never the body, which may repeat the message."""
    if answer.status not in success.status if success.status else not 200 <= answer.status < 300:
        later = answer.status in _LATER or answer.status >= 500
        return MailFailed(reason=f"the gateway answered {answer.status}", retry=later)
    content = _read(answer.body)
    if success.path and str(_at(content, success.path)) not in success.values:
        return MailFailed(reason=f"the gateway answered {answer.status}, but took no message", retry=False)
    named = str(_at(content, success.id_path) or "") if success.id_path else ""
    return Sent(message_id="".join(sign for sign in named[:200] if sign in _CLEAN))


def _read(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _at(content: object, path: str) -> object:
    for step in path.split("."):
        if isinstance(content, Mapping):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def _complaint(problem: ValidationError) -> str:
    errors = problem.errors(include_url=False, include_input=False)
    said = [f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in errors]
    return "; ".join(said)[:300]
