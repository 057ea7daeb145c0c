"""Where companies and customers are, how they are called, and what the registry knows them by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lacre.fiscal.errors import FieldInvalid, TaxIdInvalid
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf

_CITY_CODE = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, kw_only=True)
class Address:
    id: str = ""
    zipcode: str = ""
    """Digits only."""
    number: str = ""
    street: str = ""
    additional_details: str = ""
    neighborhood: str = ""
    city: str = ""
    state: str = ""
    country: str = "BR"
    city_code: str = ""
    """IBGE, seven digits; a note says no address without it."""


@dataclass(frozen=True, kw_only=True)
class Phone:
    id: str = ""
    phone_type: str = ""
    number: str = ""
    area_code: str = ""
    country_code: str = ""
    extension: str = ""

    @property
    def digits(self) -> str:
        return re.sub(r"\D", "", self.area_code + self.number)


def registry_code(said: str, field: str = "registry_code") -> str:
    """A CPF or a CNPJ, also one with letters, without what people put between its signs."""
    clean = clean_tax_id(said)
    if not is_cpf(clean) and not is_cnpj(clean):
        raise TaxIdInvalid(field, said[:40])
    return clean


def check_address(address: Address) -> None:
    if address.city_code and not _CITY_CODE.fullmatch(address.city_code):
        raise FieldInvalid("address.city_code", "is not an IBGE code of seven digits")
