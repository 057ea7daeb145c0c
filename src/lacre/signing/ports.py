"""What signing needs from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lacre.kit.ids import AccountId, Digest
from lacre.signing.appearance import Fill
from lacre.signing.evidence import Certificate
from lacre.signing.layout import FormField, PageSize, Place, Structure
from lacre.signing.letter import Letter
from lacre.signing.record import RecordContents
from lacre.signing.verification import Verification

# ── intake: the front door for PDFs ──────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A PDF that can be signed. `file` is the one to keep: the upload itself, or its repaired copy."""

    file: Path
    digest: Digest
    size: int
    pages: tuple[PageSize, ...]
    repaired: bool = False
    signatures: int = 0
    """How many signatures it came with; more than none forbids every change but new signature fields."""


@dataclass(frozen=True, kw_only=True)
class Unusable:
    """Why a file cannot be signed: a stable code, and one English sentence that says what to do.

    Codes: not_a_pdf, password, no_pages, active_content, certified_final, too_large, broken,
    changed_by_repair, too_slow; of text documents not_a_docx, docx_password, docx_broken, macros,
    external_link, and, when they are not to blame, no_office and busy.
    """

    code: str
    reason: str


class Intake(Protocol):
    """Judges strangers' PDFs in a bounded child process; never raises for what a file holds."""

    def admit(self, upload: Path) -> Accepted | Unusable: ...

    def find_text(self, file: Path, needles: Sequence[str]) -> Mapping[str, tuple[Place, ...]]:
        """Every occurrence of each text, in reading order; a needle never seen maps to an empty tuple."""
        ...


class TextDocuments(Protocol):
    """DOCX: judged and filled in a bounded child process, made PDF by a word processor without a network."""

    def variables(self, file: Path) -> tuple[str, ...] | Unusable:
        """The names between double braces, in reading order, each spelling once."""
        ...

    def to_pdf(self, file: Path, answers: Mapping[str, str] | None, out: Path) -> Path | Unusable:
        """`out`, with every variable's place taken by its answer as plain text, or by nothing.

        `None` leaves the braces as they are. `file` is not changed; `out` lies in a scratch folder.
        """
        ...


class Pages(Protocol):
    """Pictures of pages, made in a child process and kept by (digest, page, width)."""

    def picture(self, file: Path, digest: Digest, *, page: int, width: int, owner: AccountId) -> bytes:
        """WebP of at most `width` pixels across; raises `LookupError` past the last page."""
        ...

    def sizes(self, file: Path) -> tuple[PageSize, ...]: ...


# ── sealing ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Appearances:
    """What filled fields look like: page `pages[name]` of this PDF is that form field's appearance."""

    pdf: bytes
    pages: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ActToSeal:
    """One signer's act on one file: fields to fill, then the signature field to sign."""

    seal_name: str
    appearances: Appearances
    values: Mapping[str, str]
    """Plain text of filled fields by form field name (`/V` of text fields, `"Yes"` for a ticked box)."""
    signer_name: str
    reason: str
    location: str = ""


class SealLevel:
    """PAdES levels that a sealed act can reach."""

    B_B, B_T, B_LT = "B-B", "B-T", "B-LT"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """`level` reached; `wanted` higher than it means the timestamp server failed, and an upgrade is owed."""

    level: str
    wanted: str
    digest: Digest
    size: int


@dataclass(frozen=True, kw_only=True)
class SealFailed:
    """`retry`: whether trying again can help (a child killed, a full disk) or not (a broken file)."""

    reason: str
    retry: bool


class SignerKey(Protocol):
    """A signer's own key, while they sign: in memory, in a token, or with a provider of signatures."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Certificates, DER, from the signer's own up as far as they are known."""
        ...

    def sign(self, content: bytes) -> bytes:
        """RSA PKCS #1 v1.5 or ECDSA, over the content's SHA-256; raises `OSError` when it cannot."""
        ...


@dataclass(frozen=True, kw_only=True)
class OpenedKey:
    key: SignerKey
    certificate: Certificate


@dataclass(frozen=True, kw_only=True)
class NotOpened:
    """Why a key cannot be used at all: password · unreadable · unfit (not for signing, or too weak)."""

    code: str


class Certificates(Protocol):
    """Opens what signers bring, and says what is known of it; nothing of it is kept."""

    def open(self, p12: bytes, password: str) -> OpenedKey | NotOpened:
        """Also asks the authorities' revocation lists, where they can be reached."""
        ...


class Sealer(Protocol):
    """Writes fields and signatures into PDFs; every call works on local files, in a bounded child process."""

    def prepare(self, original: Path, out: Path, structure: Structure) -> Sealed | SealFailed:
        """Copies `original` to `out`, adds the form fields and record pages, and certifies it (DocMDP P=2).

        A file that came with signatures only gains the signature fields, incrementally, and is not certified.
        """
        ...

    def seal(self, file: Path, act: ActToSeal) -> Sealed | SealFailed:
        """Appends the act to `file` in place. Failure may leave the file half written: work on a copy."""
        ...

    def sign(self, file: Path, act: ActToSeal, key: SignerKey) -> Sealed | SealFailed:
        """Like `seal`, with the signer's own key instead of the platform's."""
        ...

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        """Appends the timestamp and revocation data that could not be had at sealing time."""
        ...


class Stamper(Protocol):
    """Proves when files existed, whoever they are of."""

    @property
    def stamps(self) -> bool:
        """Whether there is a timestamp server."""
        ...

    def stamp(self, file: Path, *, sealing: bool) -> Sealed | SealFailed:
        """Proves of any PDF, in place, that it existed now: its signatures stay what they are.

        `sealing`: by a signature of ours that holds the timestamp; otherwise by a document timestamp alone,
        so that whoever signed before stays the one that a validator names.
        """
        ...


class Verifier(Protocol):
    def verify(self, file: Path) -> Verification:
        """Judges any file; whatever goes wrong in it becomes `problem`."""
        ...


# ── typesetting ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RecordPages:
    """Blank record pages for `Structure.record`; places count pages from the first of them."""

    pdf: bytes
    size: PageSize
    fields: tuple[FormField, ...]
    """One box per signer, named `record.<seal_name>`."""
    seal_places: Mapping[str, Place]
    """By seal name: where in the box a signer without a place on the document signs."""


class Typesetter(Protocol):
    """Sets what people see, with fonts of its own; the same input gives the same bytes."""

    def act(self, fills: Sequence[Fill], *, language: str) -> Appearances:
        """One page per fill, each exactly as large as its box, without a background."""
        ...

    def record_pages(self, contents: RecordContents) -> RecordPages: ...

    def record(self, contents: RecordContents) -> bytes:
        """The separate record PDF, made at completion: digests, evidence, timeline, how to verify."""
        ...


# ── mail ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message to one person. `key` names it for ever: sent twice, it is recognisably the same mail."""

    key: str
    to: str
    to_name: str = ""
    subject: str
    html: str
    text: str
    reply_to: str = ""
    sender_name: str = ""
    returns: str = ""
    """A tag in the address that it comes back to; none: nobody asks whether it arrived."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The server took it; nothing more is known."""

    message_id: str


@dataclass(frozen=True, kw_only=True)
class MailFailed:
    """`retry` is false when the server will never take it: no such mailbox, an address that is none.

    Of messages to phones as well. The reason holds nothing of the message: it is shown and logged.
    """

    reason: str
    retry: bool
    code: int | None = None
    """What a mail server answered, such as 550."""


class Mailer(Protocol):
    """Hands mails to a server; never raises for what the network or the server does."""

    def send(self, mail: Mail) -> Sent | MailFailed: ...


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A mail that came back, as the notice says (RFC 3464): nobody took it, and nobody tries any more."""

    tag: str
    """What stands in the address that it came back to. Anybody may write one: see what it proves."""
    reason: str
    code: int | None = None


@dataclass(frozen=True, kw_only=True)
class MailboxFailed:
    reason: str


class Returns(Protocol):
    """The mailbox that undeliverable mails come back to; never raises for the network or what lies in it."""

    def collect(self, take: Callable[[Returned], None]) -> MailboxFailed | None:
        """Hands over each notice, and only then counts it as read: one may come twice, but never not."""
        ...


class Stationery(Protocol):
    """Words a letter in its language."""

    def write(self, letter: Letter) -> Mail:
        """As HTML and as text."""
        ...

    def write_short(self, letter: Letter) -> str:
        """As a message to a phone: a sentence or two, and the link or the code."""
        ...


# ── messages to phones ───────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PhoneMessage:
    """One message to one phone. The parts stand beside the text for gateways that word it by a template."""

    key: str
    """Names it for ever: sent twice, it is recognisably the same message."""
    to: str
    """With its country: `"+5511999998888"`."""
    text: str
    kind: str
    """As letters are called: invitation · turn · reminder · code · completed."""
    name: str = ""
    title: str = ""
    link: str = ""
    code: str = ""
    language: str = "pt-br"


class Messenger(Protocol):
    """Hands messages to a gateway of one channel; never raises for what the network or the gateway does."""

    def send(self, message: PhoneMessage) -> Sent | MailFailed: ...
