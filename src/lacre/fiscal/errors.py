"""Why fiscal says no; the docstring is the message."""

from __future__ import annotations

from collections.abc import Sequence

from lacre.fiscal.ports import Problem
from lacre.kit.refusal import Refusal


class FieldInvalid(Refusal):
    """{0}: {1}"""

    @property
    def field(self) -> str:
        """Dotted: `address.zipcode`."""
        return str(self.args[0])

    @property
    def problem(self) -> str:
        return self.message.removeprefix(f"{self.field}: ")


class FieldMissing(FieldInvalid):
    """{0}: is missing"""


class NumberInvalid(FieldInvalid):
    """{0}: is not a number with at most two decimals"""


class DayInvalid(FieldInvalid):
    """{0}: is not a day"""


class ChoiceInvalid(FieldInvalid):
    """{0}: cannot be {1}"""


class ListExpected(FieldInvalid):
    """{0}: is no list"""


class GroupExpected(FieldInvalid):
    """{0}: has several fields"""


class FieldUnknown(FieldInvalid):
    """{0}: is not known here"""


class ValueInvalid(FieldInvalid):
    """{0}: cannot be used: {1}"""


class ItemsDiffer(FieldInvalid):
    """{0}: differs between the items: one note has one service"""


class CityCodeInvalid(FieldInvalid):
    """{0}: is not an IBGE code of seven digits"""


class CountryInvalid(FieldInvalid):
    """{0}: is no country of ISO 3166-1, by its two letters"""


class ForeignIdInvalid(FieldInvalid):
    """{0}: is no foreign number of up to {1} signs"""


class SeriesInvalid(FieldInvalid):
    """{0}: is not a number from 1 to {1}"""


class TaxIdInvalid(FieldInvalid):
    """{0}: {1} is neither a CPF nor a CNPJ."""

    @property
    def problem(self) -> str:
        return "is neither a CPF nor a CNPJ"


class AmountInvalid(FieldInvalid):
    """{0}: {1} is not an amount between 0.01 and 9999999999999.99 with at most two decimals."""

    @property
    def problem(self) -> str:
        return "is not an amount between 0.01 and 9999999999999.99 with at most two decimals"


class InvoiceNotPossible(Refusal):
    """The note cannot be issued like this: {0}"""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.told}" for one in problems))
        self.problems = tuple(problems)


class CertificateNotUsable(Refusal):
    """The certificate cannot be used ({0}): {1}"""


class CertificateMissing(Refusal):
    """The document type has no A1 certificate to sign with yet."""


class SchemaInactive(Refusal):
    """This document type is inactive."""


class SequencePassed(Refusal):
    """The next number is {0} already: it can be raised, not lowered."""


class InvoiceNotIssued(Refusal):
    """Only an issued invoice can be canceled."""


class AlreadyCanceled(Refusal):
    """This invoice is canceled already, or about to be."""


class AlreadyReplaced(Refusal):
    """Another invoice has taken this one's place already."""


class BeingReplaced(Refusal):
    """Another invoice that is being issued is to take this one's place."""


class InvoiceToReplaceNotIssued(Refusal):
    """Only an issued invoice can be replaced."""


class InvoiceToReplaceCanceled(Refusal):
    """The invoice to replace is canceled already, or about to be: issue the new one without replacing."""


class ReplacedByAnotherCompany(Refusal):
    """An invoice can be replaced only by one of the same company, with the same CNPJ."""


class ReplacedInAnotherEnvironment(Refusal):
    """The invoice to replace was issued in another environment than the company issues in now."""


class ReplacementReasonInvalid(Refusal):
    """Say in 15 to 255 characters why the invoice is replaced; only reasons 01 to 05 may do without."""


class ReasonTooShort(Refusal):
    """Say in 15 to 255 characters why the invoice is canceled."""


class NotToBeRetried(Refusal):
    """Only what failed without being judged can be tried again."""


class NotToBeCorrected(Refusal):
    """Only an invoice that was not issued, and will not be, can be corrected and issued again."""


class AlreadyCorrected(Refusal):
    """Another invoice was ordered instead of this one already: go on with that one."""


class CompanyKnown(Refusal):
    """Another company of this account has this CNPJ in this environment already."""


class NoCompany(Refusal):
    """There is no company to issue for yet."""
