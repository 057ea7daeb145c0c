"""What Fast Notas' clients say, as types; forms say everything as text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Line: TypeAlias = Annotated[str, Field(max_length=255)]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=255)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000)]
Short: TypeAlias = Annotated[str, Field(max_length=60)]
Mail: TypeAlias = Annotated[str, Field(min_length=1, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
TaxId: TypeAlias = Annotated[str, Field(min_length=1, max_length=30)]
Amount: TypeAlias = Annotated[str, Field(min_length=1, max_length=30)]
Uuid: TypeAlias = Annotated[str, Field(min_length=1, max_length=40)]
Status: TypeAlias = Literal["active", "inactive"]
Scalar: TypeAlias = Annotated[str, Field(max_length=500)] | bool | None
Key: TypeAlias = Annotated[str, Field(max_length=80)]
Named: TypeAlias = Annotated[dict[Key, Scalar], Field(max_length=100)]
Within: TypeAlias = Annotated[dict[Key, Scalar | Named], Field(max_length=100)]
Group: TypeAlias = Annotated[dict[Key, Scalar | Within], Field(max_length=100)]
Groups: TypeAlias = Annotated[list[Group], Field(max_length=1_000)]
Parameters: TypeAlias = Annotated[dict[Key, Scalar | Group | Groups], Field(max_length=100)]
"""Theirs are flat; ours say works, events and deductions, which have fields of their own."""


class Said(BaseModel):
    """What nobody knows in it is ignored, as there."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True
    )


class SaidAddress(Said):
    zipcode: Short | None = None
    number: Short | None = None
    street: Line | None = None
    additional_details: Line | None = None
    neighborhood: Line | None = None
    city: Line | None = None
    state: Short | None = None
    country: Annotated[str, Field(max_length=2)] | None = None
    city_code: Short | None = Field(default=None, description="IBGE, seven digits: ours, not theirs.")


class NewAddress(SaidAddress):
    zipcode: Annotated[str, Field(min_length=1, max_length=60)]
    number: Annotated[str, Field(min_length=1, max_length=60)]


class SaidPhone(Said):
    phone_type: Short | None = None
    number: Short | None = None
    area_code: Short | None = None
    country_code: Short | None = None
    extension: Short | None = None


class NewCustomer(Said):
    name: Name
    registry_code: TaxId
    email: Mail
    external_code: Line | None = None
    status: Status = "active"
    address: NewAddress
    phone: SaidPhone | None = None


class CustomerChange(Said):
    """What is not said stays."""

    name: Name | None = None
    registry_code: TaxId | None = None
    email: Mail | None = None
    external_code: Line | None = None
    status: Status | None = None
    address: SaidAddress | None = None
    phone: SaidPhone | None = None


class Credentials(Said):
    certificate: Any = Field(
        default=None, description="The A1 certificate (.pfx): a file of a form, or Base64."
    )
    password: Annotated[str, Field(max_length=200)] = ""


class SchemaChange(Said):
    """What is not said stays."""

    name: Name | None = None
    code: Short | None = None
    status: Status | None = None
    sequence: Annotated[int, Field(ge=1, le=999_999_999_999_999)] | None = Field(
        default=None, description="The number that the next document shall have."
    )
    credentials: Credentials | None = None
    parameters: Parameters | None = None


class NewSchema(SchemaChange):
    name: Name
    code: Annotated[str, Field(min_length=1, max_length=60)]
    type: Annotated[str, Field(min_length=1, max_length=80)]
    serie: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    company_id: Uuid | None = Field(default=None, description="Unsaid: the company of the key.")


class SaidSettings(Said):
    taxes: Named | None = None
    parameters: Parameters | None = None


class SaidWithSettings(Said):
    """Under either name: their pages use both."""

    settings: SaidSettings | None = None
    setting: SaidSettings | None = None


class NewItem(SaidWithSettings):
    name: Name
    description: Text
    amount: Amount
    document_schema_id: Uuid
    status: Status = "active"


class ItemChange(SaidWithSettings):
    """What is not said stays."""

    name: Name | None = None
    description: Text | None = None
    amount: Amount | None = None
    status: Status | None = None


class SaidLine(SaidWithSettings):
    item_id: Uuid
    name: Name | None = None
    description: Text | None = None
    amount: Amount | None = None


class NewDocument(Said):
    document_schema_id: Uuid
    customer_id: Uuid
    issue_on: date | None = Field(default=None, description="Unsaid: today, in Brasília.")
    document_items: Annotated[list[SaidLine], Field(min_length=1, max_length=100)]


class Cancellation(Said):
    """Ours: theirs has nothing to say, but the tax office asks why."""

    reason: Literal["1", "2", "9"] = Field(
        default="9", description="1 issued by mistake, 2 not rendered, 9 other."
    )
    message: Annotated[str, Field(max_length=255)] | None = None


class NewCompany(Said):
    name: Name
    legal_name: Name | None = None
    email: Mail
    registry_code: TaxId
    status: Status = "active"
    address: SaidAddress | None = None
    phone: SaidPhone | None = None
    environment: Literal["sandbox", "test", "production"] | None = None
    simples: Literal["1", "2", "3"] | None = None
    simples_regime: Literal["", "1", "2", "3"] | None = None
    special_regime: Literal["0", "1", "2", "3", "4", "5", "6", "9"] | None = None


class CompanyChange(Said):
    """What is not said stays."""

    name: Name | None = None
    legal_name: Name | None = None
    email: Mail | None = None
    registry_code: TaxId | None = None
    status: Status | None = None
    address: SaidAddress | None = None
    phone: SaidPhone | None = None
    environment: Literal["sandbox", "test", "production"] | None = None
    simples: Literal["1", "2", "3"] | None = None
    simples_regime: Literal["", "1", "2", "3"] | None = None
    special_regime: Literal["0", "1", "2", "3", "4", "5", "6", "9"] | None = None
