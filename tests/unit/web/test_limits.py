"""Bodies that are too large or too slow."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lacre.web.limits import BodyLimits


def test_a_body_within_its_limits_arrives_whole() -> None:
    assert ask([b"abc", b"def"]) == (200, "abcdef")


def test_a_body_announced_too_large_is_refused_unread() -> None:
    status, said = ask([], announced=11)

    assert (status, said) == (413, "The request is larger than this server takes (0 MB).")


def test_a_body_that_grows_too_large_is_cut_off() -> None:
    assert ask([b"12345", b"67890", b"1"])[0] == 413


def test_more_is_taken_where_that_is_said_and_nowhere_else() -> None:
    paths = ("/api/Send/", "/send", "/sent")

    assert [ask([b"1234567890", b"12"], path=path)[0] for path in paths] == [200, 200, 413]


def test_a_body_that_drips_is_cut_off() -> None:
    status, said = ask([b"1"], then_hangs=True)

    assert (status, said) == (408, "The request did not arrive within 0 s.")


def test_who_is_refused_may_finish_talking_before_the_answer() -> None:
    assert talk([b"12345", b"67890", b"1", b"2345"]) == ["took"] * 5 + ["answered 413"]


def test_whose_body_can_have_no_end_soon_is_answered_at_once() -> None:
    assert talk([b"1"], b"content-length: 9000") == ["answered 413"]


def test_who_waits_to_be_told_to_go_on_is_not_told_to() -> None:
    assert talk([b"1"], b"content-length: 15", b"expect: 100-continue") == ["answered 413"]


def talk(chunks: list[bytes], *headers: bytes) -> list[str]:
    """What happens, one after the other, to a client that says more than 10 bytes."""
    seen: list[str] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        seen.append("took")
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.append(f"answered {message['status']}")

    said = [(name, value) for name, _, value in (one.partition(b": ") for one in headers)]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": said}
    limited: ASGIApp = BodyLimits(_echo, max_bytes=10, seconds=5)
    asyncio.run(_run(limited, scope, receive, send))
    return seen


def ask(
    chunks: list[bytes], *, announced: int = 0, then_hangs: bool = False, path: str = "/"
) -> tuple[int, str]:
    """Status and text that come back for a body of these chunks, at 10 bytes, and 50 ms if it hangs."""
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if not then_hangs:
        waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", str(announced).encode())] if announced else []
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    seconds = 0.05 if then_hangs else 30
    limited: ASGIApp = BodyLimits(_echo, max_bytes=10, seconds=seconds, wider={"/send": 20})
    asyncio.run(_run(limited, scope, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(body.decode())(scope, receive, send)
