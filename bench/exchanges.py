"""Exchanges per second and CPU per exchange: the engine beside a bare libcurl loop, to the same receiver.

Both post the same kilobyte of JSON, and sign each request anew. The two run in turn, several rounds, so that
a busy machine slows both: the ratio is what to trust.
"""

from __future__ import annotations

import hmac
import statistics
import time
from base64 import b64encode
from collections.abc import Callable
from ipaddress import ip_network

import pycurl

from bench.http_receiver import running_receiver
from bench.machine import own_cpu_seconds
from lacre.engines.http import HttpEngine
from lacre.webhooks.request import Answer, Request

IN_FLIGHT = 64
BODY = b'{"id":"0d3f5a3e-0d3f-5a3e-0d3f-5a3e0d3f5a3e","type":"test.happened","data":"' + b"x" * 944 + b'"}'
KEY = b"k" * 32
ALWAYS = (("Content-Type", "application/json"), ("User-Agent", "Lacre"), ("X-Token", "s3cret"))
_LINES = [*(f"{name}: {value}" for name, value in ALWAYS), "Expect:"]


def main(*, exchanges: int = 20_000, rounds: int = 5) -> None:
    engine: HttpEngine[int] = HttpEngine([ip_network("127.0.0.0/8")])
    with running_receiver() as url:
        pairs = [
            (measured(bare, url, exchanges), measured(lambda u, n: ours(engine, u, n), url, exchanges))
            for _ in range(rounds)
        ]
    engine.close()
    for name, runs in zip(
        ("bare CurlMulti loop", "lacre.engines.http"), zip(*pairs, strict=True), strict=True
    ):
        rate, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:20} {rate:9,.0f}/s  {cpu:6.1f} us CPU per exchange")
    ratio = statistics.median(one[0] / plain[0] for plain, one in pairs)
    print(f"{'rate, of the bare':20} {ratio:9.2f}")


def measured(run: Callable[[str, int], None], url: str, exchanges: int) -> tuple[float, float]:
    """Exchanges per second, and CPU microseconds of this process for each."""
    wall, cpu = time.perf_counter(), own_cpu_seconds()
    run(url, exchanges)
    wall, cpu = time.perf_counter() - wall, own_cpu_seconds() - cpu
    return exchanges / wall, cpu / exchanges * 1e6


def signed(number: int) -> tuple[tuple[str, str], ...]:
    """Standard Webhooks: HMAC-SHA256 over id, time and body."""
    seconds = int(time.time())  # noqa: TID251 - as a bare loop would ask
    message_id, timestamp = f"msg_{number:032x}", str(seconds)
    content = f"{message_id}.{timestamp}.".encode() + BODY
    mac = "v1," + b64encode(hmac.digest(KEY, content, "sha256")).decode()
    return ("webhook-id", message_id), ("webhook-timestamp", timestamp), ("webhook-signature", mac)


def ours(engine: HttpEngine[int], url: str, exchanges: int) -> None:
    started = done = 0
    while done < exchanges:
        while started < exchanges and started - done < IN_FLIGHT:
            engine.start(_request(url, started), started)
            started += 1
        for _, outcome in engine.poll(1.0):
            assert isinstance(outcome, Answer)
            assert outcome.status == 200
            done += 1


def _request(url: str, number: int) -> Request:
    headers = ALWAYS + signed(number)
    return Request(
        method="POST", url=url, headers=headers, body=BODY, deadline_seconds=20, pool_key="account"
    )


def bare(url: str, exchanges: int) -> None:
    """What can be had: nothing is vetted, timed, capped or kept of the answer but its status."""
    multi = pycurl.CurlMulti()
    handles = [_bare_handle() for _ in range(IN_FLIGHT)]
    started = done = 0
    for handle in handles:
        _bare_load(handle, url, started)
        multi.add_handle(handle)
        started += 1
    while done < exchanges:
        multi.perform()
        _, over, broken = multi.info_read(IN_FLIGHT)
        assert not broken
        for handle in over:
            assert handle.getinfo(pycurl.RESPONSE_CODE) == 200
            multi.remove_handle(handle)
            done += 1
            if started < exchanges:
                _bare_load(handle, url, started)
                multi.add_handle(handle)
                started += 1
        if not over:
            multi.select(1.0)
    for handle in handles:
        handle.close()
    multi.close()


def _bare_handle() -> pycurl.Curl:
    handle = pycurl.Curl()
    handle.setopt(pycurl.NOSIGNAL, 1)
    handle.setopt(pycurl.POST, 1)
    handle.setopt(pycurl.WRITEFUNCTION, len)
    return handle


def _bare_load(handle: pycurl.Curl, url: str, number: int) -> None:
    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.HTTPHEADER, [*_LINES, *(f"{name}: {value}" for name, value in signed(number))])
    handle.setopt(pycurl.POSTFIELDS, BODY)
    handle.setopt(pycurl.TIMEOUT_MS, 20_000)


if __name__ == "__main__":
    main()
