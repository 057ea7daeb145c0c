"""Certificates and an RFC 3161 timestamp server for the tests, made on the spot."""

from __future__ import annotations

import http.client
import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import TimeStamper
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lacre.documents.fetching import Fetched, NotFetched

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
P12_PASSWORD = "senha do selo"


class TestAuthority:
    """A root that issues what a test needs."""

    __test__ = False

    def __init__(self, name: str = "Raiz de teste", lists_url: str = "") -> None:
        """`lists_url` is what its certificates say about where revocation is published."""
        self._lists_url = lists_url
        self.key: Key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        self.certificate = (
            self._begun(self.name, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def issue(self, name: str, key: Key, *, purpose: x509.ObjectIdentifier | None = None) -> x509.Certificate:
        builder = self._begun(_name(name), key)
        if self._lists_url:
            point = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(self._lists_url)], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if purpose is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def p12(self, folder: Path, name: str = "Empresa Ltda", key: Key | None = None) -> Path:
        """A P12 as a certificate seller gives it, protected by `P12_PASSWORD`."""
        key = key or rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        content = pkcs12.serialize_key_and_certificates(
            name.encode(),
            key,
            self.issue(name, key),
            [self.certificate],
            serialization.BestAvailableEncryption(P12_PASSWORD.encode()),
        )
        path = folder / "selo.p12"
        path.write_bytes(content)
        return path

    def root_folder(self, folder: Path) -> Path:
        """A folder that names this root as trusted, beside those it already names."""
        folder.mkdir(parents=True, exist_ok=True)
        pem = self.certificate.public_bytes(serialization.Encoding.PEM)
        (folder / f"{self.certificate.serial_number}.pem").write_bytes(pem)
        return folder

    def revocation_list(self, *revoked: x509.Certificate) -> bytes:
        now = datetime.now(UTC)  # noqa: TID251 - lists are judged against the real clock
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(now - timedelta(minutes=5))
            .next_update(now + timedelta(days=1))
        )
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=1)).build())
        signed = builder.sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def _begun(self, subject: x509.Name, key: Key) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_BEGIN)
            .not_valid_after(_BEGIN + timedelta(days=25_000))
        )


class TimestampServer:
    """A real RFC 3161 server on loopback; `mode` is granted, refused, nonsense, stale or down."""

    def __init__(self, authority: TestAuthority | None = None) -> None:
        self._stamper = _stamper_under(authority) if authority else _stamper()
        self.mode = "granted"
        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/tsa"

    def answer(self, body: bytes) -> bytes | None:
        self.asked += 1
        request = tsp.TimeStampReq.load(body)
        if self.mode == "down":
            return None
        if self.mode == "nonsense":
            return b"<html>out of service</html>"
        if self.mode == "refused":
            return bytes(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())
        if self.mode == "stale":
            request["nonce"] = 1
        return bytes(self._stamper.request_tsa_response(request).dump())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = server.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if body is not None else 503)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Quiet."""

        return Handler


class PlainTransport:
    """`TimestampTransport` without any of the caution that the real way out takes."""

    def post(self, url: str, body: bytes, content_type: str) -> bytes | None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request("POST", parts.path, body, {"Content-Type": content_type})
            answer = connection.getresponse()
            content = answer.read()
        except OSError:
            return None
        finally:
            connection.close()
        return content if answer.status == 200 else None


class RevocationLists:
    """`Fetcher` of lists that are kept here rather than behind a URL."""

    def __init__(self) -> None:
        self.published: dict[str, bytes] = {}

    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched:
        content = self.published.get(url, b"")
        if not content or len(content) > max_bytes:
            return NotFetched(reason="status_404")
        into.write_bytes(content)
        return Fetched(path=into, size=len(content))


@cache
def _stamper() -> TimeStamper:
    return _stamper_under(TestAuthority("Autoridade de carimbo do tempo"))


def _stamper_under(authority: TestAuthority) -> TimeStamper:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    certificate = authority.issue("Carimbo de teste", key, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    pkcs8 = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return TimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(pkcs8),
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
