"""An S3 server on loopback, as much of one as putting and getting objects takes; it checks no signature.

with Bucket() as bucket:
    store = open_bucket("s3://lacre/files", bucket.environment)
    …
    assert bucket.objects["lacre/files/ab/cd/…"] == b"…"
"""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


class Bucket:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.gets: list[str] = []
        self._parts: dict[tuple[str, int], bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "sa-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def put(self, name: str, query: dict[str, list[str]], content: bytes) -> None:
        if "partNumber" in query:
            self._parts[name, int(query["partNumber"][0])] = content
        else:
            self.objects[name] = content

    def complete(self, name: str) -> None:
        numbers = sorted(number for one, number in self._parts if one == name)
        self.objects[name] = b"".join(self._parts.pop((name, number)) for number in numbers)

    def delete(self, name: str, keys: list[str]) -> bytes:
        """As S3 does, without minding what was not there."""
        for key in keys:
            self.objects.pop(f"{name.rstrip('/')}/{key}", None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return f"<DeleteResult>{told}</DeleteResult>".encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                name, query = _asked(self.path)
                bucket.put(name, query, self._body())
                self._answer(200, b"", {"ETag": '"etag"'})

            def do_POST(self) -> None:
                name, query = _asked(self.path)
                said = self._body()
                if "delete" in query:
                    self._answer(200, bucket.delete(name, _KEY.findall(said.decode())))
                elif "uploads" in query:
                    self._answer(200, _STARTED)
                else:
                    bucket.complete(name)
                    self._answer(200, _COMPLETED)

            def do_GET(self) -> None:
                name, _ = _asked(self.path)
                bucket.gets.append(name)
                content = bucket.objects.get(name)
                if content is None:
                    self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
                else:
                    self._answer(200, content, _FOUND)

            def log_message(self, *_: object) -> None:
                """Quiet."""

            def _body(self) -> bytes:
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler


_KEY = re.compile(r"<Key>([^<]+)</Key>")
_FOUND = {"ETag": '"etag"', "Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"}
_STARTED = b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
_COMPLETED = b"<CompleteMultipartUploadResult><ETag>etag</ETag></CompleteMultipartUploadResult>"


def _asked(path: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(path)
    return parts.path.lstrip("/"), parse_qs(parts.query, keep_blank_values=True)
