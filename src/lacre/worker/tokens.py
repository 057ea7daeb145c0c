"""Tokens fetched at dispatch: one question for many waiting deliveries, asked by one worker at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from msgspec.structs import replace

from lacre.services import Services
from lacre.webhooks.authorization import ClientCredentials, Fetched, as_fetched, asking, fingerprint
from lacre.webhooks.ports import Dispatcher
from lacre.webhooks.promise import Promise
from lacre.webhooks.repositories import AccessTokens, Held
from lacre.webhooks.request import Answer, Outcome
from lacre.webhooks.token import AccessToken, read_token
from lacre.webhooks.verdict import NotAuthorized
from lacre.worker.crash import Crash, Guard
from lacre.worker.sending import Asking, InHand, Question, Sending, TokenKey, on_own_terms

MOST_SECONDS = 20.0
"""For asking; the reservation of who asks lasts longer."""
LOOK_AGAIN = timedelta(milliseconds=100)
"""While another worker asks."""


class TokenDesk:
    """Deliveries wait here; `turn` gives them back with their token, or with why there is none."""

    def __init__(
        self, services: Services, dispatcher: Dispatcher[Sending], worker_id: str, *, guard: Guard
    ) -> None:
        self._services, self._dispatcher, self._worker_id = services, dispatcher, worker_id
        self._guard = guard
        self._known: dict[TokenKey, AccessToken] = {}
        self._waiting: dict[TokenKey, list[InHand]] = {}
        self._asking: dict[TokenKey, Asking] = {}
        self._looked_at: dict[TokenKey, datetime] = {}
        self._unwritten: dict[TokenKey, AccessToken | NotAuthorized] = {}
        self._served: list[tuple[InHand, AccessToken | NotAuthorized]] = []

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values())) + len(self._served)

    def known(self, question: Question, now: datetime) -> AccessToken | None:
        """Without asking anybody."""
        token = self._known.get(question.key)
        return token if token and token.usable(now) else None

    def wait(self, sending: InHand) -> None:
        key = _key(sending)
        known = self._known.get(key)
        if known and known.value == sending.refused:
            del self._known[key]
        self._waiting.setdefault(key, []).append(sending)

    def hear(self, sent: Asking, outcome: Outcome) -> None:
        """The answer to a question; not one that an earlier shift asked."""
        key = sent.question.key
        if self._asking.get(key) is sent:
            del self._asking[key]
            token = self._read(sent.question, outcome)
            self._unwritten[key] = token
            self._serve(key, token)

    def turn(self) -> list[tuple[InHand, AccessToken | NotAuthorized]]:
        """Writes what was heard, and asks what has to be asked."""
        now = self._services.clock()
        due = [key for key in self._waiting if self._is_due(key, now)]
        if due or self._unwritten:
            self._write_and_look(due, now)
        served, self._served = self._served, []
        return served

    # ── one turn ─────────────────────────────────────────────────────────────

    def _is_due(self, key: TokenKey, now: datetime) -> bool:
        looked_at = self._looked_at.get(key)
        # a clock that was set back makes nobody wait for it
        return key not in self._asking and (looked_at is None or abs(now - looked_at) >= LOOK_AGAIN)

    def _write_and_look(self, due: list[TokenKey], now: datetime) -> None:
        with self._services.open_work() as work:
            # in one order everywhere, so that no two workers wait for each other
            keys = sorted({*due, *self._unwritten})
            for key in keys:
                self._write(work.access_tokens, key)
            found = {key: self._look(work.access_tokens, key, now) for key in keys if key in due}
        self._unwritten.clear()
        for key, token in found.items():
            self._go_on(key, token, now)

    def _write(self, tokens: AccessTokens, key: TokenKey) -> None:
        token = self._unwritten.get(key)
        endpoint_id, fetched_by = key
        if isinstance(token, AccessToken):
            tokens.keep(endpoint_id, self._worker_id, fetched_by=fetched_by, token=token)
        elif token is not None:
            tokens.free(endpoint_id, self._worker_id)

    def _look(self, tokens: AccessTokens, key: TokenKey, now: datetime) -> AccessToken | bool:
        """A token that somebody fetched, or whether it is for us to ask."""
        endpoint_id, fetched_by = key
        found = tokens.get(endpoint_id, fetched_by)
        if self._serves(found, key, now):
            return found or False
        if not tokens.reserve(endpoint_id, self._worker_id, now=now):
            return False
        # who had reserved it may have kept one just now
        found = tokens.get(endpoint_id, fetched_by)
        if not self._serves(found, key, now):
            return True
        tokens.free(endpoint_id, self._worker_id)
        return found or False

    def _serves(self, token: AccessToken | None, key: TokenKey, now: datetime) -> bool:
        if token is None or not token.usable(now):
            return False
        return all(sending.refused != token.value for sending in self._waiting[key])

    def _go_on(self, key: TokenKey, found: AccessToken | bool, now: datetime) -> None:
        if isinstance(found, AccessToken):
            self._serve(key, found)
        elif found:
            self._ask(key)
        else:
            self._looked_at[key] = now

    def _ask(self, key: TokenKey) -> None:
        question = next(sending.question for sending in self._waiting[key] if sending.question)
        self._asking[key] = Asking(question=question)
        self._dispatcher.start(question.request, self._asking[key])

    def _serve(self, key: TokenKey, token: AccessToken | NotAuthorized) -> None:
        if isinstance(token, AccessToken):
            self._known[key] = token
        self._looked_at.pop(key, None)
        self._served += [(sending, token) for sending in self._waiting.pop(key, ())]

    def _read(self, question: Question, outcome: Outcome) -> AccessToken | NotAuthorized:
        now = self._services.clock()
        token = self._guard(partial(_token, question.asked, outcome, now))
        if isinstance(token, AccessToken):
            return token
        return NotAuthorized(
            method=question.request.method,
            url=_without_query(question.request.url),
            detail=token.problem if isinstance(token, Crash) else token,
            # whatever it said may hold a secret
            outcome=replace(outcome, body=b"") if isinstance(outcome, Answer) else outcome,
        )


def question_of(held: Held, promise: Promise) -> Question | None:
    """What has to be asked before this is sent, if anything."""
    authorization = held.endpoint.secrets.authorization
    if not isinstance(authorization, Fetched | ClientCredentials):
        return None
    asked = as_fetched(authorization)
    request = asking(asked, min(promise.deadline_seconds, MOST_SECONDS))
    key = (held.endpoint.id, fingerprint(authorization))
    return Question(key=key, asked=asked, request=on_own_terms(request, held.endpoint))


def _token(asked: Fetched, outcome: Outcome, now: datetime) -> AccessToken | str:
    if isinstance(outcome, Answer):
        return read_token(outcome, asked.token_path, now=now)
    return f"the token server did not answer: {outcome.reason}"


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _key(sending: InHand) -> TokenKey:
    assert sending.question is not None  # noqa: S101 - only such a one waits
    return sending.question.key
