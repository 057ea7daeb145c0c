"""Why signing says no; the docstring is the message, `{0}` what it is about."""

from __future__ import annotations

from lacre.kit.refusal import Refusal


class EnvelopeClosed(Refusal):
    """This envelope is {0} and accepts no more acts."""


class EnvelopeNotDraft(Refusal):
    """This envelope was already sent; only a draft can be sent."""


class NoDocuments(Refusal):
    """An envelope needs 1 to 25 documents; this one has {0}."""


class NoSigners(Refusal):
    """An envelope needs at least one signer."""


class AlreadySigned(Refusal):
    """This signer has already signed."""


class NotNeeded(Refusal):
    """Enough others have signed: your signature is not needed any more."""


class AlreadyRefused(Refusal):
    """This signer has already refused."""


class NotTheirTurn(Refusal):
    """Others sign before this signer; they are told when their turn comes."""


class RefusalNotAllowed(Refusal):
    """The sender did not allow this document to be refused."""


class ReasonMissing(Refusal):
    """Say why: a reason is required."""


class ValueMissing(Refusal):
    """Fill the field "{0}" before signing."""


class ValueInvalid(Refusal):
    """The field "{0}" does not hold a valid value."""


class AnswerDiffers(Refusal):
    """The answer to "{0}" is not what whoever sent the document has of you."""


class AttachmentMissing(Refusal):
    """Attach the file that is asked for before you sign: {0}."""


class TermsNotAccepted(Refusal):
    """Accept signing electronically before you sign."""


class MarkMissing(Refusal):
    """Draw, type or upload your signature first."""


class IdentificationMissing(Refusal):
    """Confirm the code we sent before you sign."""


class PhotoMissing(Refusal):
    """Take the photo that is asked for before you sign: {0}."""


class CertificateMissing(Refusal):
    """This document is signed with your own ICP-Brasil certificate."""


class CertificateUnreadable(Refusal):
    """This file holds no certificate with its key. Choose the PFX or P12 file of your certificate."""


class CertificatePasswordWrong(Refusal):
    """The password does not open this certificate."""


class CertificateUnfit(Refusal):
    """This certificate is not made for signing."""


class CertificateNotYetValid(Refusal):
    """This certificate is not valid yet."""


class CertificateExpired(Refusal):
    """This certificate has expired. Sign with one that is valid today."""


class CertificateRevoked(Refusal):
    """This certificate was revoked by its authority."""


class CertificateNotTrusted(Refusal):
    """This certificate was not issued under ICP-Brasil, as far as this server knows."""


class CertificateNameless(Refusal):
    """This certificate names no CPF or CNPJ, as those of ICP-Brasil do."""


class CertificateOfAnother(Refusal):
    """This certificate belongs to another CPF or CNPJ than the signer's."""


class CertificateSigned(Refusal):
    """Somebody signed with a certificate of their own: signers, fields and documents change no more."""


class TryAgain(Refusal):
    """Somebody else signed at the same moment. Press “Sign” once more."""


class CodeWrong(Refusal):
    """This code is wrong or has expired."""


class CodeLocked(Refusal):
    """Too many attempts failed. Ask whoever sent you this document to let you try again."""


class TooManyCodes(Refusal):
    """Ten codes were sent to you today; ask for another tomorrow."""


class CodeTooSoon(Refusal):
    """A code was asked for a moment ago. Wait half a minute before you ask for another."""


class TaxIdWrong(Refusal):
    """This is not the CPF or CNPJ that whoever sent the document has of you."""


class AttemptsLeft(Refusal):
    """This signer can still try: there is nothing to reset."""


class LastSigner(Refusal):
    """The only signer of an envelope cannot be removed."""


class SignerHasSigned(Refusal):
    """A signer who has signed cannot be changed or removed."""


class DocumentsFixed(Refusal):
    """Someone has signed already: no document can be added."""


class GroupsNotContiguous(Refusal):
    """Signing order must count from the first group without a gap; got {0}."""


class FieldOffPage(Refusal):
    """The field at page {0} does not fit on the page."""


class FieldForStranger(Refusal):
    """A field belongs to a signer who is not in this envelope."""


class FieldBesideSignatures(Refusal):
    """A document that came signed takes no fields but signatures: any other would spoil those it has."""


class OrderIncomplete(Refusal):
    """Name every document of the envelope, each once."""


class FolderNotUsable(Refusal):
    """A folder has at most 5 levels of 50 characters each, and 255 characters in all."""


class LimitPassed(Refusal):
    """The date limit {0} is in the past."""


class TemplateClosed(Refusal):
    """This template is no longer in use."""


class VariableUnknown(Refusal):
    """The template's document has no variable "{0}"."""


class OptionsMissing(Refusal):
    """The variable "{0}" is to be chosen: say from what."""


class AnswerMissing(Refusal):
    """Answer “{0}”: it is required."""


class AnswerInvalid(Refusal):
    """The answer to “{0}” is not valid."""


class FormNotFilled(Refusal):
    """Fill in the form first: the document is not finished yet."""


class FormFilled(Refusal):
    """This form was filled in already."""


class NotNotifiedYet(Refusal):
    """A reminder was sent less than {0} minutes ago; wait before sending another."""
