"""How a signer proves who they are: by link, code, or a number that their sender knows; three attempts."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from lacre.kit.ids import SignerId
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf
from lacre.signing import code as codes
from lacre.signing import errors, events
from lacre.signing.announcing import Actor, apply
from lacre.signing.code import CodeResult
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Identification, Origin
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import MAX_TRIES, Channel, Passcode, Signer

WRONG_CODE, WRONG_TAX_ID, CERTIFICATE_OF_ANOTHER = "wrong_code", "wrong_tax_id", "certificate_of_another"
BY_CODE: Mapping[Channel, Identification] = {
    Channel.EMAIL: Identification.EMAIL_CODE,
    Channel.SMS: Identification.SMS_CODE,
    Channel.WHATSAPP: Identification.WHATSAPP_CODE,
}


def open_by_link(work: SigningWork, link: str) -> tuple[Envelope, Signer]:
    """Whoever holds the link is its signer, until more is asked of them."""
    envelope, signer_id = work.envelopes.by_link(link)
    if envelope.deleted_at is not None:
        raise errors.EnvelopeClosed("deleted")
    return envelope, envelope.signer(signer_id)


def as_signer(signer: Signer, origin: Origin) -> Actor:
    return Actor(name=f"signer:{signer.id}", origin=origin)


def send_code(
    work: SigningWork, link: str, *, code: str, salt: str, now: datetime
) -> tuple[Envelope, Signer, Channel]:
    """Keeps the digest of a fresh code; the caller hands the code itself over at once, by that channel.

    How it fared is told afterwards, when it is known.
    """
    envelope, signer = open_by_link(work, link)
    channel = signer.options.code_channel
    if channel is None:
        # an address that is proved unasked could be exchanged for another before signing
        raise NotFound("code")
    _require_may_send(work, signer, now)
    work.codes.put(signer.id, codes.pending(code, salt, now=now))
    return envelope, signer, channel


def code_stayed(work: SigningWork, signer_id: SignerId, salt: str) -> None:
    """The one of this salt did not leave; another that was asked for meanwhile may have."""
    waiting = work.codes.get(signer_id)
    if waiting is not None and waiting.salt == salt:
        work.codes.put(signer_id, replace(waiting, stayed=True))


def confirm_code(work: SigningWork, link: str, typed: str, *, origin: Origin, now: datetime) -> CodeResult:
    """Right, wrong or locked. A value and not a refusal, since the count of tries must be committed."""
    envelope, signer = open_by_link(work, link)
    waiting = work.codes.get(signer.id)
    if waiting is None:
        return CodeResult.WRONG
    if signer.locked_out:
        return CodeResult.LOCKED
    result, kept = codes.check(waiting, typed, now=now)
    work.codes.put(signer.id, kept)
    deciding = envelope.deciding(signer.id)
    if result is CodeResult.RIGHT:
        deciding.forgive(deciding.identified_at)
        deciding.identified_at, deciding.code_told = now, waiting.stayed
        happened = [_identified(signer)]
    else:
        happened = fail(deciding, WRONG_CODE)
    apply(work, envelope, happened, by=as_signer(signer, origin), now=now)
    return _outcome(signer, right=result is CodeResult.RIGHT)


def confirm_tax_id(work: SigningWork, link: str, typed: str, *, origin: Origin, now: datetime) -> CodeResult:
    """The same of the CPF or CNPJ; of a signer whose number nobody knows yet, any that is one."""
    envelope, signer = open_by_link(work, link)
    if not signer.options.prove_tax_id:
        raise NotFound("tax id")
    if signer.locked_out:
        return CodeResult.LOCKED
    happened = _judged_tax_id(envelope.deciding(signer.id), clean_tax_id(typed), now)
    apply(work, envelope, happened, by=as_signer(signer, origin), now=now)
    return _outcome(signer, right=signer.tax_id_proved_at is not None)


def confirm_passcode(
    work: SigningWork, link: str, typed: str, known: str, *, origin: Origin, now: datetime
) -> CodeResult:
    """The same of the code that their sender chose; `known` is that code, read from where it is hidden."""
    envelope, signer = open_by_link(work, link)
    if signer.options.passcode is None:
        raise NotFound("passcode")
    if signer.locked_out:
        return CodeResult.LOCKED
    deciding = envelope.deciding(signer.id)
    right = hmac.compare_digest(typed.strip().encode(), known.encode())
    if right:
        deciding.forgive(deciding.passcode_proved_at)
        deciding.passcode_proved_at = now
    happened = [_identified(signer)] if right else fail(deciding, WRONG_CODE)
    apply(work, envelope, happened, by=as_signer(signer, origin), now=now)
    return _outcome(signer, right=right)


def send_passcode_again(work: SigningWork, signer: Signer, *, now: datetime) -> Passcode:
    """Counts as a code that is sent; raises `NotFound` where it may not go out again."""
    code = signer.options.passcode
    if code is None or not code.again or not signer.passcode_address:
        raise NotFound("passcode")
    _require_may_send(work, signer, now)
    # none that anybody could type: it is kept for its time alone
    work.codes.put(signer.id, codes.pending(code.hidden, signer.id, now=now))
    return code


def refuse_certificate(work: SigningWork, link: str, *, origin: Origin, now: datetime) -> None:
    """They brought one that is valid, and another's."""
    envelope, signer = open_by_link(work, link)
    happened = fail(envelope.deciding(signer.id), CERTIFICATE_OF_ANOTHER)
    apply(work, envelope, happened, by=as_signer(signer, origin), now=now)


def let_try_again(
    work: SigningWork, envelope: Envelope, signer_id: SignerId, *, by: Actor, now: datetime
) -> None:
    """By the sender, of a signer who is locked out; raises `AttemptsLeft` of any other."""
    envelope.deciding(signer_id).unlock()
    happened = Happened(type=events.SIGNER_UNLOCKED, signer_id=signer_id)
    apply(work, envelope, [happened], by=by, now=now)
    _void_code(work, signer_id)


def fail(signer: Signer, reason: str) -> list[Happened]:
    """One more attempt that failed; the last that is allowed is told."""
    if not signer.fail_to_identify():
        return []
    detail: dict[str, Json] = {
        "attempts_used": MAX_TRIES,
        "max_attempts": MAX_TRIES,
        "reason": reason,
    }
    return [Happened(type=events.SIGNER_AUTHENTICATION_FAILED, signer_id=signer.id, detail=detail)]


def identified_by(signer: Signer) -> tuple[Identification, ...]:
    """What is known of who acts, for the evidence."""
    channel, proofs = signer.options.code_channel, [Identification.LINK]
    if channel is not None and signer.identified_at is not None:
        proofs.append(Identification.TOLD_CODE if signer.code_told else BY_CODE[channel])
    if signer.tax_id_proved_at is not None:
        proofs.append(Identification.TAX_ID)
    if signer.passcode_proved_at is not None:
        proofs.append(Identification.PASSCODE)
    return tuple(proofs)


def unproved_if_moved(work: SigningWork, before: Signer, after: Signer) -> Signer:
    """At another address, which no code has gone to yet: one that went to the old address is void."""
    channel = after.options.code_channel
    if channel is not None and channel is before.options.code_channel:
        moved = after.address_at(channel) != before.address_at(channel)
    else:
        moved = channel is not before.options.code_channel
    if not moved:
        return after
    _void_code(work, after.id)
    return replace(after, identified_at=None)


def _require_may_send(work: SigningWork, signer: Signer, now: datetime) -> None:
    if signer.locked_out:
        raise errors.CodeLocked
    if work.codes.sent_since(signer.id, now - timedelta(days=1)) >= codes.MAX_PER_DAY:
        raise errors.TooManyCodes
    waiting = work.codes.get(signer.id)
    if waiting is not None and not waiting.used and now - waiting.sent_at < codes.PAUSE:
        raise errors.CodeTooSoon


def _judged_tax_id(signer: Signer, typed: str, now: datetime) -> list[Happened]:
    known = clean_tax_id(signer.tax_id)
    right = hmac.compare_digest(known, typed) if known else is_cpf(typed) or is_cnpj(typed)
    if not right:
        return fail(signer, WRONG_TAX_ID)
    signer.forgive(signer.tax_id_proved_at)
    signer.tax_id, signer.tax_id_proved_at = typed, now
    return [_identified(signer)]


def _outcome(signer: Signer, *, right: bool) -> CodeResult:
    if right:
        return CodeResult.RIGHT
    return CodeResult.LOCKED if signer.locked_out else CodeResult.WRONG


def _identified(signer: Signer) -> Happened:
    return Happened(type=events.SIGNER_IDENTIFIED, signer_id=signer.id)


def _void_code(work: SigningWork, signer_id: SignerId) -> None:
    waiting = work.codes.get(signer_id)
    if waiting is not None:
        work.codes.put(signer_id, replace(waiting, used=True))
