"""Where companies and customers are, how they are called, and what the registry knows them by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lacre.fiscal.errors import CityCodeInvalid, CountryInvalid, ForeignIdInvalid, TaxIdInvalid
from lacre.kit.countries import is_country
from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf

BRAZIL = "BR"
LONGEST_FOREIGN_ID = 40
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
    country: str = BRAZIL
    """ISO 3166-1, two letters."""
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


def known_as(said: str, country: str, field: str = "registry_code") -> tuple[str, str]:
    """The CPF or CNPJ, or else, of who is abroad, the number that they have there."""
    clean, foreign = clean_tax_id(said), said.strip()
    if country.upper() == BRAZIL or is_cpf(clean) or is_cnpj(clean):
        return registry_code(said, field), ""
    if not foreign or len(foreign) > LONGEST_FOREIGN_ID or not foreign.isprintable():
        raise ForeignIdInvalid(field, LONGEST_FOREIGN_ID)
    return "", foreign


def check_address(address: Address) -> None:
    if address.city_code and not _CITY_CODE.fullmatch(address.city_code):
        raise CityCodeInvalid("address.city_code")
    if not is_country(address.country.upper()):
        raise CountryInvalid("address.country")
