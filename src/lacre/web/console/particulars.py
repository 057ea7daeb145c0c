"""What only some notes say: the inputs that the form of an invoice asks for it with, folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

DEDUCTED = "deduction_documents"
NUMBERED = re.compile(rf"{DEDUCTED}\.(\d{{1,3}})\.")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Input:
    """`path` is where it is said among an invoice's parameters, and its name in the form."""

    path: str
    label: str
    hint: str = ""
    kind: Literal["text", "digits", "number", "day", "tick", "country", "postal", "key"] = "text"
    most: int = 60
    choices: Choices = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """Of a section: folded away in it."""

    key: str
    """What a problem with all of it is said of."""
    title: str
    inputs: Sequence[Input]


@dataclass(frozen=True, kw_only=True)
class Section:
    key: str
    """What a problem with all of it is said of."""
    title: str
    hint: str
    inputs: Sequence[Input]
    parts: Sequence[Part] = ()

    @property
    def every_input(self) -> Sequence[Input]:
        return [*self.inputs, *(one for part in self.parts for one in part.inputs)]


def _country(path: str, label: str) -> Input:
    return Input(path=path, label=label, hint="Two letters: US, PT.", kind="country", most=2)


def _street(group: str) -> tuple[Input, ...]:
    return (
        Input(path=f"{group}.street", label="Street", most=255),
        Input(path=f"{group}.number", label="Number"),
        Input(path=f"{group}.complement", label="Complement", most=156),
        Input(path=f"{group}.neighborhood", label="Neighborhood"),
    )


def _in_brazil(group: str) -> tuple[Input, ...]:
    return (
        *_street(group),
        Input(path=f"{group}.city_code", label="Municipality (IBGE)", kind="digits", most=7),
        Input(path=f"{group}.postal_code", label="CEP", hint="Eight digits.", kind="digits", most=9),
    )


def _foreign_id(group: str) -> tuple[Input, ...]:
    return (
        Input(path=f"{group}.foreign_id", label="Foreign tax number (NIF)", hint="As it is there.", most=40),
        Input(
            path=f"{group}.no_foreign_id",
            label="Why there is no number",
            choices=(("1", "Exempt from having one"), ("2", "Not required there")),
        ),
    )


def _city_abroad(group: str) -> tuple[Input, ...]:
    return (
        Input(path=f"{group}.city", label="City"),
        Input(path=f"{group}.region", label="State, province or region"),
        _country(f"{group}.country", "Country"),
    )


def _anywhere(group: str) -> tuple[Input, ...]:
    """An address in Brazil, or what one abroad has like it."""
    return (
        *_street(group),
        Input(path=f"{group}.postal_code", label="CEP or foreign postal code", kind="postal", most=11),
        Input(
            path=f"{group}.city_code",
            label="Municipality (IBGE)",
            hint="Only in Brazil.",
            kind="digits",
            most=7,
        ),
    )


def _site(group: str) -> tuple[Input, ...]:
    return (
        *_street(f"{group}.site"),
        Input(path=f"{group}.site.postal_code", label="CEP", hint="Eight digits.", most=11),
        Input(path=f"{group}.site.city", label="City", hint="Only abroad."),
        Input(path=f"{group}.site.region", label="Region", hint="Only abroad."),
    )


HOME = Section(
    key="home",
    title="Customer's address",
    hint="In Brazil. Said whole or not at all; needed of a customer who withholds ISS.",
    inputs=_in_brazil("home"),
)
ABROAD = Section(
    key="abroad",
    title="Customer abroad",
    hint="Of who has neither CPF nor CNPJ. Say the address too, and fill in “Foreign trade”.",
    inputs=(
        *_foreign_id("abroad"),
        *_street("abroad"),
        Input(path="abroad.postal_code", label="Postal code", most=11),
        *_city_abroad("abroad"),
    ),
)
INTERMEDIARY = Section(
    key="intermediary",
    title="Intermediary",
    hint="A third who stands between you and the customer; named by CPF or CNPJ, or as one abroad.",
    inputs=(
        Input(path="intermediary.name", label="Name", most=300),
        Input(path="intermediary.tax_id", label="CPF or CNPJ", most=18),
        Input(path="intermediary.email", label="E-mail", most=80),
    ),
    parts=(
        Part(
            key="intermediary.address",
            title="Address of the intermediary",
            inputs=_anywhere("intermediary.address"),
        ),
        Part(
            key="intermediary.abroad",
            title="Intermediary abroad",
            inputs=(*_foreign_id("intermediary"), *_city_abroad("intermediary.address")),
        ),
    ),
)
WITHHOLDING = Section(
    key="withholding",
    title="Withheld ISS",
    hint="Who withholds it is named with an address in Brazil.",
    inputs=(
        Input(
            path="iss_withheld",
            label="Who withholds the ISS",
            hint="Empty: as the document type says.",
            choices=(("false", "Nobody"), ("true", "The customer"), ("intermediary", "The intermediary")),
        ),
    ),
)
WORKS = Section(
    key="works",
    title="Construction works",
    hint="Identify the works by one of code, CIB and address.",
    inputs=(
        Input(path="works.code", label="Code of the works", hint="CNO or CEI.", most=30),
        Input(path="works.cib", label="CIB", hint="Register of real estate: eight signs.", most=8),
        Input(path="works.property_registration", label="Registration of the property", most=30),
        *_site("works"),
    ),
)
OCCASION = Section(
    key="occasion",
    title="Event",
    hint="Identify the event by its code or its address.",
    inputs=(
        Input(path="occasion.name", label="Name of the event", most=255),
        Input(path="occasion.starts_on", label="Begins on", kind="day"),
        Input(path="occasion.ends_on", label="Ends on", kind="day"),
        Input(path="occasion.code", label="Code of the event", hint="The municipality's.", most=30),
        *_site("occasion"),
    ),
)
DEDUCTION = Section(
    key="deduction",
    title="Deductions",
    hint="Say a deduction as an amount, as a rate, or by documents.",
    inputs=(
        Input(path="deduction", label="Amount in reais", kind="number"),
        Input(path="deduction_rate", label="Rate in percent", kind="number"),
    ),
)
DOCUMENT: Sequence[Input] = (
    Input(
        path="kind",
        label="Kind of deduction",
        choices=(
            ("1", "Food and drink"),
            ("2", "Materials"),
            ("3", "Production by others"),
            ("4", "Expenses refunded"),
            ("5", "Passed on in a consortium"),
            ("6", "Passed on in a health plan"),
            ("7", "Services"),
            ("8", "Subcontracted labour"),
            ("9", "Partner professional"),
            ("99", "Other"),
        ),
    ),
    Input(path="description", label="Description", hint="Only of the kind “Other”.", most=150),
    Input(path="issued_on", label="Issued on", kind="day"),
    Input(path="deductible", label="Deductible, in reais", kind="number"),
    Input(path="deducted", label="Deducted from this note, in reais", kind="number"),
    Input(path="nfse_key", label="Key of an NFS-e", hint="50 signs.", kind="key", most=60),
    Input(path="nfe_key", label="Key of an NF-e", hint="44 signs.", kind="key", most=54),
    Input(path="fiscal_number", label="Number of another fiscal document", most=255),
    Input(path="other_number", label="Number of a document that is not fiscal", most=255),
)
OTHER_PAPERS: Sequence[Input] = (
    Input(path="municipal_note.city_code", label="Municipal note: city (IBGE)", kind="digits", most=7),
    Input(path="municipal_note.number", label="Municipal note: number", kind="digits", most=15),
    Input(path="municipal_note.verification_code", label="Municipal note: verification code", most=9),
    Input(path="paper_note.number", label="Paper note: number", kind="digits", most=7),
    Input(path="paper_note.model", label="Paper note: model", kind="digits", most=15),
    Input(path="paper_note.series", label="Paper note: series", most=15),
)
SUPPLIER: Sequence[Input] = (
    Input(path="supplier.name", label="Name", most=300),
    Input(path="supplier.tax_id", label="CPF or CNPJ", most=18),
    *_anywhere("supplier.address"),
)
SUPPLIER_ABROAD: Sequence[Input] = (*_foreign_id("supplier"), *_city_abroad("supplier.address"))
SUSPENSION = Section(
    key="suspension",
    title="Suspended ISS",
    hint="When a court or the administration has ordered that ISS is not demanded for now.",
    inputs=(
        Input(
            path="suspension.kind",
            label="Suspended by",
            choices=(("1", "A court"), ("2", "The administration")),
        ),
        Input(path="suspension.process", label="Number of the process", kind="digits", most=30),
    ),
)
BENEFIT = Section(
    key="benefit",
    title="Municipal benefit",
    hint="Say its amount or its rate, as the benefit has it.",
    inputs=(
        Input(path="benefit.number", label="Benefit number", hint="14 digits.", kind="digits", most=14),
        Input(path="benefit.amount", label="Amount in reais", kind="number"),
        Input(path="benefit.rate", label="Rate in percent", kind="number"),
    ),
)
FEDERAL = Section(
    key="federal",
    title="Federal taxes, withheld ones too",
    hint="PIS and COFINS, and what the customer withholds, in reais. What is left empty is not said.",
    inputs=(
        Input(path="federal.withheld_income_tax", label="Income tax (IRRF) withheld", kind="number"),
        Input(path="federal.withheld_csll", label="CSLL withheld", kind="number"),
        Input(
            path="federal.withheld_social_security",
            label="Social security (INSS) withheld",
            kind="number",
        ),
        Input(path="federal.cst", label="CST of PIS and COFINS", hint="Two digits.", kind="digits", most=2),
        Input(path="federal.base", label="Base of PIS and COFINS, in reais", kind="number"),
        Input(path="federal.pis_rate", label="Rate of PIS, in percent", kind="number"),
        Input(path="federal.cofins_rate", label="Rate of COFINS, in percent", kind="number"),
        Input(path="federal.pis", label="PIS, in reais", hint="Empty: base times rate.", kind="number"),
        Input(path="federal.cofins", label="COFINS, in reais", hint="Empty: base times rate.", kind="number"),
        Input(
            path="federal.withheld_kind",
            label="Who keeps PIS, COFINS and CSLL",
            hint="0 nobody, 1 to 9 as the national layout has it.",
            kind="digits",
            most=1,
        ),
    ),
)
TRADE = Section(
    key="trade",
    title="Foreign trade",
    hint="When the service is rendered abroad, or its result shows there.",
    inputs=(
        Input(path="iss_kind", label="ISS", choices=(("1", "Taxable"), ("3", "Export, without ISS"))),
        _country("rendered_in", "Rendered in the country"),
        _country("result_country", "Its result shows in"),
        Input(path="nbs", label="NBS code", hint="Nine digits.", most=12),
        Input(
            path="trade.mode",
            label="How it is rendered",
            choices=(
                ("1", "Across borders"),
                ("2", "Consumed in Brazil"),
                ("3", "By people who move for a time"),
                ("4", "Consumed abroad"),
            ),
        ),
        Input(
            path="trade.link",
            label="Link with the customer",
            choices=(
                ("0", "None"),
                ("1", "Controlled"),
                ("2", "Controlling"),
                ("3", "Affiliated"),
                ("4", "Head office"),
                ("5", "Branch"),
                ("6", "Another link"),
            ),
        ),
        Input(
            path="trade.currency",
            label="Currency",
            hint="Three digits of the Central Bank: 220 is the dollar, 978 the euro.",
            kind="digits",
            most=3,
        ),
        Input(path="trade.amount", label="Amount in that currency", kind="number"),
        Input(
            path="trade.provider_support",
            label="Support to who renders it",
            hint="Two digits; empty: none.",
            kind="digits",
            most=2,
        ),
        Input(
            path="trade.customer_support",
            label="Support to the customer",
            hint="Two digits; empty: none.",
            kind="digits",
            most=2,
        ),
        Input(
            path="trade.goods",
            label="Goods that move for a time",
            choices=(("1", "None"), ("2", "By import"), ("3", "By export")),
        ),
        Input(path="trade.import_declaration", label="Import declaration", most=12),
        Input(path="trade.export_registration", label="Export registration", most=12),
        Input(path="trade.tell_mdic", label="Share it with the ministry of trade (MDIC)", kind="tick"),
    ),
)
OF_CUSTOMER: Sequence[Section] = (HOME, ABROAD)
OF_NOTE: Sequence[Section] = (
    INTERMEDIARY, WITHHOLDING, WORKS, OCCASION, DEDUCTION, SUSPENSION, BENEFIT, FEDERAL, TRADE,
)  # fmt: skip
"""Their inputs are parameters of the invoice."""
SECTIONS: Sequence[Section] = (*OF_CUSTOMER, *OF_NOTE)


def each_input(documents: int) -> Sequence[Input]:
    """All that the form has, with that many documents deducted."""
    return [*(one for section in OF_CUSTOMER for one in section.inputs), *each_parameter(documents)]


def each_parameter(documents: int) -> Sequence[Input]:
    plain = [one for section in OF_NOTE for one in section.every_input]
    return [*plain, *(one for place in range(documents) for one in of_document(place))]


def of_document(place: int) -> Sequence[Input]:
    return at(place, (*DOCUMENT, *OTHER_PAPERS, *SUPPLIER, *SUPPLIER_ABROAD))


def documents_in(names: Iterable[str]) -> int:
    return 1 + max((int(found[1]) for name in names if (found := NUMBERED.match(name))), default=-1)


def at(place: int, inputs: Sequence[Input]) -> Sequence[Input]:
    """Those of the document at that place, from 0."""
    return [replace(one, path=f"{DEDUCTED}.{place}.{one.path}") for one in inputs]
