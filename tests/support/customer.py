"""A customer's system and the people it asks to sign, over HTTP alone and without inside knowledge."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2

from tests.support.pdfs import contract_pdf
from tests.support.receiver import Receiver


@dataclass
class Customer:
    """Written for ZapSign, with another base URL."""

    url: str
    token: str = field(repr=False)

    def call(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - JSON
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = ask(method, f"{self.url}/api/v1/{path}", json=said, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def subscribe(self, receiver: Receiver, *types: str, **more: object) -> None:
        for type_ in types or ("",):
            self.call("POST", "user/company/webhook/", {"url": receiver.url, "type": type_, **more})

    def send(
        self, signers: Sequence[Mapping[str, object]], pdf: bytes = b"", **more: object
    ) -> dict[str, Any]:
        """A contract to sign."""
        text = base64.b64encode(pdf or contract_pdf(1)).decode()
        said = {"name": "Contrato de locação", "base64_pdf": text, "signers": signers, **more}
        return cast("dict[str, Any]", self.call("POST", "docs/", said))

    def document(self, token: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.call("GET", f"docs/{token}/"))

    def download(self, url: str) -> bytes:
        answer = ask("GET", url)
        assert answer.status_code == 200, (url, answer.status_code, answer.text[:500])
        return answer.content


@dataclass
class Visitor:
    """Somebody at their signing link, with a browser that runs no script."""

    link: str

    def open(self) -> str:
        return self._page("GET")

    def look(self) -> str:
        """The page as it is now, which does not count as opening the link once more."""
        return self._page("GET", params={"here": "1"})

    def confirm_reading(self) -> str:
        return self._page("POST", "/read")

    def sign(self, name: str, **typed: str) -> str:
        """Signs what the page shows, with a typed signature."""
        seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', self.look())
        known = {"name": name, "email": f"{name.partition(' ')[0].lower()}@example.test"}
        form = {"seen": seen, **known, "mark_kind": "typed", "mark_text": name, "terms": "on", **typed}
        return self._page("POST", "/sign", data=form)

    def signs_all(self, name: str) -> None:
        """The whole way from the link to the signature."""
        self.open()
        self.confirm_reading()
        assert "Você assinou" in self.sign(name)

    def _page(self, method: str, path: str = "", **sent: Any) -> str:  # noqa: ANN401 - handed on
        headers = {"user-agent": "Firefox/140", "accept-language": "pt-BR"}
        answer = ask(method, self.link + path, headers=headers, **sent)
        assert answer.status_code == 200, (answer.status_code, answer.text[:2000])
        return answer.text


def ask(method: str, url: str, **sent: Any) -> httpx2.Response:  # noqa: ANN401 - handed on
    """A connection for each request: what asks next may be talking to another process."""
    plain: dict[str, Any] = {"timeout": 120, "trust_env": False, "verify": False, "follow_redirects": True}
    return httpx2.request(method, url, **plain, **sent)
