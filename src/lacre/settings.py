"""Every setting, its default, and why; from the environment or a `.env` file. `lacre doctor` prints them."""

from __future__ import annotations

import re
from email.utils import parseaddr
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

FEWEST_INVOICE_DAYS = 6 * 365 + 2
"""A tax may be claimed for five years from the end of the year in which it fell due (CTN, art. 173), and
papers are kept for as long (art. 195): six years at most."""

MOST_DAYS = 36_500
"""A century; more would be before the calendar begins. Who means for ever writes 0."""

LANGUAGES = ("pt-br", "en", "es")
"""That pages and mails are written in."""


class Settings(BaseSettings):
    """What an operator can choose; names are a contract."""

    model_config = SettingsConfigDict(env_prefix="LACRE_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path("lacre-data")
    """Embedded database, files, generated keys."""
    database_url: str = ""
    """Empty: SQLite in the data folder. `postgresql://…` for many nodes."""
    files_url: str = ""
    """Empty: a folder in the data folder."""
    public_url: str = ""
    """What links in mails, webhooks and APIs begin with; empty: from host and port."""
    secret_key: SecretStr = SecretStr("")
    """Encrypts secrets at rest; empty: made in the data folder on first start."""
    smtp_url: SecretStr = SecretStr("")
    """Empty: mails are kept and shown in the console."""
    mail_from: str = "Lacre <lacre@localhost>"
    bounces_to: str = ""
    """Where mails come back to that nobody takes: `returns@example.com`, or `@returns.example.com`."""
    bounces_imap_url: SecretStr = SecretStr("")
    """The mailbox behind that address, of which nobody else reads; empty: what comes back is not told."""
    sms_gateway: SecretStr = SecretStr("")
    """How messages go out by SMS, as JSON or a file of it; empty: they are kept and shown in the console."""
    whatsapp_gateway: SecretStr = SecretStr("")
    """The same of WhatsApp."""
    seal_p12: Path | None = None
    """None: a certificate of our own authority, made on first start. It is not ICP-Brasil."""
    seal_p12_password: SecretStr = SecretStr("")
    trusted_roots: Path | None = None
    """A folder of root certificates (PEM or DER), such as ICP-Brasil's, that the verifier trusts."""
    tsa_url: str = ""
    egress_allow: str = ""
    """Networks (CIDR, comma separated) that webhooks and fetches may reach although they are private."""
    egress_proxy: SecretStr = SecretStr("")
    """`http(s)://[user:password@]host:port`: webhooks and fetches go through it, and it looks names up."""
    egress_proxy_for: str = ""
    """`s3`, `mail`, `llm`, comma separated: what goes through it besides; they are often next door."""
    trusted_proxies: str = ""
    """Networks (CIDR, comma separated) whose `X-Forwarded-For` we believe when we note who asks."""
    delivery_processes: int = Field(default=1, ge=1, le=64)
    """How many processes deliver webhooks; one sends thousands a second, each more may use another core."""
    large_bodies_at_once: int = Field(default=8, ge=1, le=1024)
    """Webhooks with files inside that a worker sends at the same time; each is read while it is sent."""
    time_scale: float = Field(default=1.0, gt=0, le=1e9)
    """Sandbox only: waits, days kept and link lives are divided by it; a limit to sign is an instant."""
    lang: str = "pt-br"
    max_upload_mb: int = Field(default=50, gt=0)
    """One PDF; JSON bodies may be half as large again, since Base64 grows by a third."""
    body_seconds: float = Field(default=120.0, gt=0, le=86_400)
    """A request whose body has not arrived by then is dropped: slow bodies are an attack."""
    error_names: str = "codigo,mensagem"
    """What a dialect whose vendor shows no refusal calls its code and its sentence."""
    office: str = "soffice"
    """LibreOffice, which makes PDFs of DOCX: a program on the PATH or a path; empty: DOCX is refused."""
    nfse_production: bool = False
    """Notes of legal value: neither this nor a company's own flag issues any alone."""
    nfse_signature: Literal["sha256", "sha1"] = "sha256"
    """How declarations are signed: as the national Sefin signs, or as the text of its manual says."""
    nfse_ca: Path | None = None
    """Who the national system's certificates may be signed by (PEM); None: the usual authorities."""
    nfse_sandbox_url: str = ""
    """A Sefin of our own, for companies in the sandbox: as `lacre sefin run` prints it; empty: none."""
    nfse_sandbox_ca: Path | None = None
    """Its authority (PEM)."""
    reader: Literal["rapid", "tesseract"] = "rapid"
    """Who reads scans: RapidOCR's models, or Tesseract, which is lighter and errs more."""
    llm_url: str = ""
    """An endpoint of OpenAI's kind (`https://…/v1`), for types that ask a language model; empty: none."""
    llm_key: SecretStr = SecretStr("")
    llm_model: str = ""
    """By the name that the endpoint knows it by."""
    llm_seconds: float = Field(default=60.0, gt=0, le=600)
    """For its whole answer; a document that it keeps waiting for longer is finished by rules alone."""
    metrics_token: SecretStr = SecretStr("")
    """What Prometheus says to see `/metrics`; empty: anybody who reaches it may."""
    log_format: Literal["json", "text"] = "json"
    """`json`, or `text` for people."""
    keep_attempts_days: int = Field(default=90, ge=0, le=MOST_DAYS)
    """What was sent and heard, personal data for the most part. From here on, 0 days are for ever."""
    keep_deliveries_days: int = Field(default=90, ge=0, le=MOST_DAYS)
    """Since they were settled: long enough to notice a loss. Attempts go with them."""
    keep_events_days: int = Field(default=400, ge=0, le=MOST_DAYS)
    """A year and a month: last year's contract can be told again. While it is under way, however old."""
    keep_mails_days: int = Field(default=400, ge=0, le=MOST_DAYS)
    keep_photos_days: int = Field(default=1826, ge=0, le=MOST_DAYS)
    """Signers' photos, of envelopes that are over: five years, in which most claims lapse."""
    """As events: they are part of the same story."""
    keep_inputs_days: int = Field(default=7, ge=0, le=MOST_DAYS)
    """Files that were processed, and what was read of them: long enough to look into a mistake."""
    keep_extractions_days: int = Field(default=90, ge=0, le=MOST_DAYS)
    """Processed documents with their values, since they came."""
    keep_invoices_days: int = Field(default=0, ge=0, le=MOST_DAYS)
    """Service invoices and their files, since their last change. Who must keep them for how long is no
    software's to say; what the law asks of everybody is kept in any case: see `FEWEST_INVOICE_DAYS`."""
    keep_waiting_days: int = Field(default=14, ge=0, le=MOST_DAYS)
    """Deliveries to an endpoint that we disabled: within two weeks somebody mends it, or will not."""
    keep_jobs_days: int = Field(default=14, ge=0, le=MOST_DAYS)
    """Done or given up: long enough to look into a failure after a holiday."""
    keep_answers_days: int = Field(default=2, ge=0, le=MOST_DAYS)
    """To a request with an idempotency key; clients are promised one day."""

    @field_validator("trusted_roots")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"{value} is no folder: name the one that the certificates lie in")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        """Links are put together with paths from the root, and cookies are the host's."""
        if value and not _ORIGIN.fullmatch(value):
            raise ValueError("write scheme, host and port alone, such as https://assina.example.com")
        return _web_address(value)

    @field_validator("tsa_url")
    @classmethod
    def _is_on_the_web(cls, value: str) -> str:
        return _web_address(value)

    @field_validator("nfse_sandbox_url")
    @classmethod
    def _is_encrypted(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("write https://host:port, as `lacre sefin run` prints it")
        return _web_address(value)

    @field_validator("lang")
    @classmethod
    def _is_spoken(cls, value: str) -> str:
        """`pt` and `pt_BR` are Portuguese, too."""
        asked = value.lower().replace("_", "-").partition("-")[0]
        known = next((one for one in LANGUAGES if one.partition("-")[0] == asked), None)
        if known is None:
            raise ValueError(f"no pages are written in {value!r}: write one of {', '.join(LANGUAGES)}")
        return known

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str) -> str:
        if not all(parseaddr(value)[1].rpartition("@")):
            raise ValueError("write Name <user@domain>")
        return value

    @field_validator("bounces_to")
    @classmethod
    def _is_a_way_back(cls, value: str) -> str:
        if value and not _WAY_BACK.fullmatch(value):
            raise ValueError("write user@domain, or @domain for any user of it")
        return value

    @field_validator("error_names")
    @classmethod
    def _are_two_names(cls, value: str) -> str:
        if not _TWO_NAMES.fullmatch(value):
            raise ValueError("write two names with a comma between them, such as codigo,mensagem")
        return value

    @field_validator("keep_invoices_days")
    @classmethod
    def _is_lawful(cls, value: int) -> int:
        if 0 < value < FEWEST_INVOICE_DAYS:
            raise ValueError(f"write 0, for ever, or {FEWEST_INVOICE_DAYS} and more")
        return value

    @field_validator("egress_allow", "trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for part in _parts(value):
            ip_network(part)
        return value

    @field_validator("nfse_ca", "nfse_sandbox_ca")
    @classmethod
    def _is_pem(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("name a file of certificates (PEM)")
        return value

    @field_validator("egress_proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        parsed = urlsplit(url)
        if url and (parsed.scheme not in ("http", "https") or not parsed.hostname or not parsed.port):
            raise ValueError("write http://host:port or https://host:port")
        return value

    @field_validator("llm_url")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        parsed = urlsplit(value)
        if value and (parsed.scheme not in ("http", "https") or not parsed.hostname):
            raise ValueError("write http://… or https://…, up to what /chat/completions is put after")
        return value

    @model_validator(mode="after")
    def _is_a_model(self) -> Self:
        if self.llm_url and not self.llm_model:
            raise ValueError("LACRE_LLM_MODEL: name the model that LACRE_LLM_URL is to be asked for")
        return self

    @model_validator(mode="after")
    def _are_proxied(self) -> Self:
        parts = _parts(self.egress_proxy_for)
        if not set(parts) <= {"s3", "mail", "llm"}:
            raise ValueError("LACRE_EGRESS_PROXY_FOR: write s3, mail and llm, or some of them, with commas")
        if "mail" in parts and not self.egress_proxy.get_secret_value().startswith("http://"):
            raise ValueError("LACRE_EGRESS_PROXY_FOR: mail goes through an http:// proxy only")
        return self

    def proxy_for(self, what: str) -> str:
        """Its URL, where it is meant for this too."""
        return self.egress_proxy.get_secret_value() if what in _parts(self.egress_proxy_for) else ""

    @cached_property
    def egress_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(part) for part in _parts(self.egress_allow))

    @cached_property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(part) for part in _parts(self.trusted_proxies))

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'lacre.db').absolute()}"

    @property
    def embedded(self) -> bool:
        """One machine: SQLite; the server may migrate it by itself."""
        return self.database.startswith("sqlite")


_ORIGIN = re.compile(r"https?://[^/?#@\s]+/?")
_WAY_BACK = re.compile(r"[^@\s]*@[^@\s]+")
_TWO_NAMES = re.compile(r"[A-Za-z_]\w*,[A-Za-z_]\w*")


def _web_address(url: str) -> str:
    """Of a host, on a port that there is; or none."""
    parsed = urlsplit(url)
    if url and (parsed.scheme not in ("http", "https") or not parsed.hostname or parsed.port == 0):
        raise ValueError("write http://… or https://…")
    return url


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
