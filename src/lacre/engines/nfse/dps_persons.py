"""Who is on a DPS, and where they are."""

from __future__ import annotations

import nfelib.nfse.bindings.v1_0 as layout

from lacre.engines.nfse.form import line
from lacre.fiscal.persons import Address, ForeignAddress, ForeignTaxId, Person
from lacre.kit.tax_ids import clean_tax_id


def person(one: Person | None) -> layout.TcinfoPessoa | None:
    if one is None:
        return None
    found = layout.TcinfoPessoa(
        IM=one.municipal_registration or None,
        xNome=line(one.name),
        end=_address(one.address),
        fone=one.phone or None,
        email=line(one.email) or None,
    )
    match one.tax_id:
        case ForeignTaxId(number="", why_not=why_not):
            found.cNaoNIF = layout.TscodNaoNif(why_not)
        case ForeignTaxId(number=number):
            found.NIF = number
        case str() as tax_id if len(clean_tax_id(tax_id)) == 11:
            found.CPF = clean_tax_id(tax_id)
        case str() as tax_id:
            found.CNPJ = clean_tax_id(tax_id)
    return found


def _address(address: Address | ForeignAddress | None) -> layout.Tcendereco | None:
    if address is None:
        return None
    found = layout.Tcendereco(
        xLgr=line(address.street),
        nro=line(address.number),
        xCpl=line(address.complement) or None,
        xBairro=line(address.neighborhood),
    )
    match address:
        case Address():
            found.endNac = layout.TcenderNac(cMun=address.city_code, CEP=address.postal_code)
        case ForeignAddress():
            found.endExt = layout.TcenderExt(
                cPais=address.country,
                cEndPost=line(address.postal_code),
                xCidade=line(address.city),
                xEstProvReg=line(address.region),
            )
    return found
