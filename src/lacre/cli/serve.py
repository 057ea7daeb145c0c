"""`lacre serve` and `lacre worker`: the processes that stay."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import FrameType

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from prometheus_client import CollectorRegistry, start_http_server

from lacre.bootstrap import Installation
from lacre.cli.hands import end_with_parent, more_hands, telling_parent
from lacre.cli.installation import installation, read_settings
from lacre.engines import collector
from lacre.web.metrics import Counted

HEADER_MILLISECONDS = 10_000
"""A client that has not finished its headers by then is cut off."""
FAREWELL_SECONDS = 10
"""For requests that are still coming in once we are told to stop: a slow client must not hold us."""
CONNECTIONS = 10_000
"""At once; a slow client takes one and no more, so there must be many more than slow clients."""
WAITING = 1_024
FILES = 2 * CONNECTIONS
"""A connection may have a file open besides."""

PORT = click.IntRange(0, 65_535)


@click.command(short_help="Run the server and, by default, the worker.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Only the server; run `lacre worker` elsewhere.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Run the server and, unless told otherwise, the worker in the same process."""
    _ensure_free(host, port)
    public_url = read_settings().public_url or f"http://{host}:{port}"
    with installation(public_url) as opened, _hands(opened, public_url, working=not no_worker):
        run_server(opened, host, port, working=not no_worker)


@click.command(short_help="Run a worker alone.")
@click.option(
    "--metrics-port", type=PORT, default=0, help="Show this worker's counters on 127.0.0.1; 0 does not."
)
@click.option("--only-deliver", is_flag=True, hidden=True, help="One of several hands of another process.")
def worker(metrics_port: int, only_deliver: bool) -> None:
    """Run a worker alone; any number of them share a PostgreSQL database."""
    with (
        installation() as opened,
        showing(opened, metrics_port),
        _hands(opened, "", working=not only_deliver),
    ):
        run_worker(opened, only_deliver=only_deliver)


def _hands(opened: Installation, public_url: str, *, working: bool) -> AbstractContextManager[None]:
    more = opened.settings.delivery_processes - 1 if working else 0
    return more_hands(more, opened.services.measures, public_url=public_url)


@contextlib.contextmanager
def showing(opened: Installation, port: int) -> Iterator[None]:
    """What this process counts, for a Prometheus on this machine; what waits is the server's to tell."""
    if not port:
        yield
        return
    _ensure_free("127.0.0.1", port)
    registry = CollectorRegistry()
    registry.register(Counted(opened.services.measures))
    server, thread = start_http_server(port, "127.0.0.1", registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _ensure_free(host: str, port: int) -> None:
    """The server would share the port with another that listens there, and each get some of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as taken:
        # a name that leads nowhere has errors of its own; of others Python's text tells the address again
        said = taken.strerror if isinstance(taken, socket.gaierror) else os.strerror(taken.errno or 0)
        raise click.ClickException(f"Cannot listen on {host}:{port}: {said}.") from taken


def run_server(opened: Installation, host: str, port: int, *, working: bool) -> None:
    """Until SIGTERM; what is in hand is finished first."""
    collector.calm()
    _allow_files(FILES)
    stop = threading.Event()
    hands = [_start(opened.worker().run, stop)] if working else []
    announce = _start(lambda ended: _announce(host, port, ended), stop)
    try:
        asyncio.run(_listen(opened, host, port))
    finally:
        stop.set()
        for thread in (*hands, announce):
            thread.join()


def run_worker(opened: Installation, *, only_deliver: bool = False) -> None:
    collector.calm()
    _allow_files(FILES)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _setting(stop))
    work = opened.worker(only_deliver=only_deliver)
    if only_deliver:
        end_with_parent(stop)
        with telling_parent(opened.services.measures):
            work.run(stop)
    else:
        click.echo("Lacre worker running")
        work.run(stop)


async def _listen(opened: Installation, host: str, port: int) -> None:
    server = Server(
        opened.app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        # while it finds out whether a client speaks HTTP/2 it waits for ever, and so it does once one does
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        log_level=LogLevels.error,
        websockets=False,
        backlog=WAITING,
        backpressure=CONNECTIONS,
    )
    loop = asyncio.get_running_loop()
    serving = asyncio.create_task(server.serve())

    def stop() -> None:
        opened.stop_waiting()
        server.stop()  # type: ignore[no-untyped-call]
        loop.call_later(FAREWELL_SECONDS, serving.cancel)

    for number in (signal.SIGTERM, signal.SIGINT):
        # not the loop's own handlers: their wake-up is lost when its pipe is full, as it is under load
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def _allow_files(wanted: int) -> None:
    """As many open files as we may have; the usual 1,024 are soon taken by clients that do nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _start(run: Callable[[threading.Event], None], stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=run, args=(stop,), name=getattr(run, "__qualname__", "lacre"))
    thread.start()
    return thread


def _announce(host: str, port: int, ended: threading.Event) -> None:
    """Says that we listen once somebody can really connect."""
    while not ended.wait(0.05):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            continue
        click.echo(f"Lacre listening on http://{host}:{port}")
        return


def _setting(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return handle
