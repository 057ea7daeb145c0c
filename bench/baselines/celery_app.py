"""The deliveries as Celery tasks: one task each, acknowledged late, one row of its attempt.

Runs in a virtual environment of its own; it knows nothing of Lacre.
`python celery_app.py enqueue COUNT URL` puts the tasks; `celery -A celery_app worker` does them.
Every thread keeps its libcurl handle, and with it its connection, and its session with PostgreSQL.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from io import BytesIO
from typing import Any

import psycopg
import pycurl
from celery import Celery

SECRET = b"k" * 32
INSERT = "INSERT INTO attempt (delivery, status, milliseconds, detail, answer) VALUES (%s, %s, %s, %s, %s)"

app = Celery("celery_app", broker=os.environ.get("BENCH_REDIS", ""))
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=4,
    broker_connection_retry_on_startup=True,
)
own = threading.local()


def deliver(self: Any, message_id: str, url: str, body: str) -> None:  # noqa: ANN401 - the task
    signed, began = headers(message_id, body.encode()), time.monotonic()
    status, answer = post(url, body.encode(), signed)
    milliseconds = round((time.monotonic() - began) * 1000)
    session().execute(INSERT, (message_id, status, milliseconds, json.dumps({"headers": signed}), answer))
    if not 200 <= status < 300:
        raise self.retry(countdown=10 * 2**self.request.retries)


task = app.task(deliver, bind=True, max_retries=15, name="deliver")


def headers(message_id: str, body: bytes) -> list[str]:
    at = str(int(time.time()))  # noqa: TID251 - it is not of Lacre
    digest = hmac.digest(SECRET, f"{message_id}.{at}.".encode() + body, hashlib.sha256)
    return [
        "Content-Type: application/json",
        f"webhook-id: {message_id}",
        f"webhook-timestamp: {at}",
        f"webhook-signature: v1,{base64.b64encode(digest).decode()}",
        "Expect:",
    ]


def post(url: str, body: bytes, lines: list[str]) -> tuple[int, str]:
    handle, answer = curl(), BytesIO()
    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.HTTPHEADER, lines)
    handle.setopt(pycurl.POSTFIELDS, body)
    handle.setopt(pycurl.WRITEFUNCTION, answer.write)
    handle.perform()
    return handle.getinfo(pycurl.RESPONSE_CODE), answer.getvalue().decode()


def curl() -> pycurl.Curl:
    if not hasattr(own, "curl"):
        own.curl = pycurl.Curl()
        own.curl.setopt(pycurl.NOSIGNAL, 1)
        own.curl.setopt(pycurl.TIMEOUT, 20)
    return own.curl


def session() -> psycopg.Connection:
    if not hasattr(own, "session"):
        own.session = psycopg.connect(os.environ["BENCH_POSTGRESQL"], autocommit=True)
    kept: psycopg.Connection = own.session
    return kept


def enqueue(count: int, url: str) -> None:
    with app.producer_or_acquire() as producer:
        for number in range(count):
            message_id = os.urandom(16).hex()
            body = json.dumps({"id": message_id, "number": number, "filling": "x" * 800})
            task.apply_async((message_id, url, body), producer=producer)


if __name__ == "__main__" and sys.argv[1:2] == ["enqueue"]:
    enqueue(int(sys.argv[2]), sys.argv[3])
