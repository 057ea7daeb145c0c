"""The forms of signature over a body that goes by in chunks: the same that `scheme` makes of it whole."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lacre.webhooks.body import Headers
from lacre.webhooks.scheme import Scheme
from lacre.webhooks.signature import key_of

UNREADABLE = frozenset({Scheme.ED25519})
"""It signs in two passes over the message, which has to be in memory whole."""


@dataclass(frozen=True, kw_only=True)
class Unsigned:
    """What will be signed, and with what; the newest secret is first."""

    schemes: Sequence[Scheme]
    message_id: str
    at: datetime
    secrets: Sequence[str] = field(repr=False)

    @property
    def timestamp(self) -> str:
        return str(int(self.at.timestamp()))

    def begin(self) -> SigningInChunks:
        return SigningInChunks(self)


class SigningInChunks:
    """One running HMAC for each signature."""

    def __init__(self, unsigned: Unsigned) -> None:
        self._unsigned = unsigned
        named = f"{unsigned.message_id}.{unsigned.timestamp}.".encode()
        stamped = f"{unsigned.timestamp}.".encode()
        # all but the standard ones take the secret's letters as they are
        keys = [one.encode() for one in unsigned.secrets]
        self._standard = [hmac.new(key_of(one), named, "sha256") for one in unsigned.secrets]
        self._stamped = [hmac.new(key, stamped, "sha256") for key in keys]
        self._plain = hmac.new(keys[0], digestmod="sha256") if keys else None
        # two schemes may share one, which takes each chunk once
        wanted = [one for scheme in unsigned.schemes for one in self._of(scheme)]
        self._wanted = {id(one): one for one in wanted}.values()

    def update(self, chunk: bytes, /) -> None:
        for mac in self._wanted:
            mac.update(chunk)

    def headers(self) -> Headers:
        unsigned = self._unsigned
        ours: Headers = (("webhook-id", unsigned.message_id), ("webhook-timestamp", unsigned.timestamp))
        return ours + tuple(self._said(scheme) for scheme in unsigned.schemes if self._of(scheme))

    def _of(self, scheme: Scheme) -> Sequence[hmac.HMAC]:
        match scheme:
            case Scheme.STANDARD:
                return self._standard
            case Scheme.TIMESTAMPED:
                return self._stamped
            case Scheme.CONTENT_HMAC | Scheme.HMAC if self._plain:
                return [self._plain]
            case _:
                return []

    def _said(self, scheme: Scheme) -> tuple[str, str]:
        macs = self._of(scheme)
        match scheme:
            case Scheme.STANDARD:
                return "webhook-signature", " ".join(f"v1,{b64encode(one.digest()).decode()}" for one in macs)
            case Scheme.TIMESTAMPED:
                stamps = [f"v1={one.hexdigest()}" for one in macs]
                return "Lacre-Signature", ",".join([f"t={self._unsigned.timestamp}", *stamps])
            case Scheme.CONTENT_HMAC:
                return "Content-Hmac", f"sha256={macs[0].hexdigest()}"
            case _:
                return "HMAC", b64encode(macs[0].digest()).decode()
