"""What a webhook tells of each type of event: the shapes of its `data`.

The catalogue's schemas are made of these, and of an event's own facts those are told that one of these names.
"""

from __future__ import annotations

from operator import not_

from pydantic import Field

from lacre.dialects.native.wire.envelopes import ShownEnvelope
from lacre.dialects.native.wire.extractions import ShownExtraction
from lacre.dialects.native.wire.invoices import ShownFile, ShownInvoice, ShownOperation
from lacre.dialects.native.wire.signers import ShownSigner
from lacre.dialects.native.wire.values import Instant, Shown
from lacre.signing.signer import Channel, Photo


class Told(Shown):
    sample: bool = Field(default=False, exclude_if=not_, description="True in a sample; else left out.")


class ToldEnvelope(Told):
    envelope: ShownEnvelope = Field(description="As it stood then.")


class ToldSigner(ToldEnvelope):
    signer: ShownSigner = Field(description="Whom it is about, as they stood then.")


class ToldReason(ToldEnvelope):
    reason: str = Field(description="Why it was refused or canceled; empty if nobody said.")


class ToldRefusal(ToldSigner):
    reason: str = Field(description="Why the signer refused.")


class ToldLimit(ToldEnvelope):
    days_left: int = Field(description="7, 3 or 1.")


class ToldNotice(ToldSigner):
    channel: Channel = Field(description="By which the message went.")
    kind: str = Field(description="`invitation`, `reminder`, `turn`, `expiring` or `code`.")
    address: str = Field(description="Where it went: an e-mail address or a phone.")
    kept: bool = Field(description="Nothing of that channel leaves here: it was only kept.")


class ToldFailedNotice(ToldSigner):
    channel: Channel = Field(description="By which it was to go.")
    kind: str = Field(
        default="", exclude_if=not_, description="As in `signer.notified`; left out of a mail that came back."
    )
    address: str = Field(description="Where it was to go: an e-mail address or a phone.")
    reason: str = Field(description="What the mail server or the gateway said.")
    status_code: int | None = Field(description="Of the mail server or the gateway, if it said one.")


class ToldFailedProof(ToldSigner):
    attempts_used: int = Field(description="How often they failed.")
    max_attempts: int = Field(description="How often they may.")
    reason: str = Field(description="`wrong_code`, `wrong_tax_id` or `certificate_of_another`.")


class ToldAttachment(ToldSigner):
    attachment: str = Field(description="What was asked for, as its sender calls it.")
    file: str = Field(description="The name of the file that was brought.")


class ToldPhoto(ToldSigner):
    photo: Photo = Field(description="Which one was taken.")


class ToldExtraction(Told):
    extraction: ShownExtraction = Field(description="As it stood then.")


class ToldReading(ToldExtraction):
    corrected: str = Field(
        default="",
        exclude_if=not_,
        description="The field whose value a person put right; left out when it was read.",
    )


class ToldInvoice(Told):
    invoice: ShownInvoice = Field(description="As it stood then.")
    operation: ShownOperation = Field(description="The issue or the cancel that it is about.")


class ToldFile(ToldInvoice):
    file: ShownFile = Field(description="The file that can be fetched.")


class ToldEndpoint(Told):
    """Of another endpoint of the account: none is told of itself."""

    endpoint_id: str = Field(description="`ep_…`: whose news it is.")
    host: str = Field(description="Of its URL, without path and parameters.")
    since: Instant | None = Field(description="When it began to fail.")
    failures: int = Field(description="Attempts that failed in a row.")
    last_status_code: int | None = Field(description="What the last that failed was answered.")
    last_reason: str = Field(description="Why no answer came to the last that failed.")


class ToldTest(Told):
    endpoint_id: str = Field(description="`ep_…`: the endpoint that is tried out.")
    message: str = Field(description="That somebody asked for it.")
