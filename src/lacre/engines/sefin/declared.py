"""A DPS as the Sefin reads it: by the layout's own paths, with libxml2 alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from lxml import etree

from lacre.engines.nfse.form import NAMESPACE
from lacre.kit.tax_ids import clean_tax_id

ZERO = Decimal(0)


class Declared:
    def __init__(self, root: etree._Element) -> None:
        self.root, self._inside = root, root[0]

    @property
    def id(self) -> str:
        found: str = self._inside.get("Id", "")
        return found

    def text(self, path: str) -> str:
        """Empty where there is none."""
        return self._inside.findtext(_qualified(path)) or ""

    def has(self, path: str) -> bool:
        return self._inside.find(_qualified(path)) is not None

    def all(self, path: str) -> list[etree._Element]:
        found: list[etree._Element] = self._inside.findall(_qualified(path))
        return found

    def money(self, path: str) -> Decimal:
        return Decimal(self.text(path) or 0)

    @property
    def issuer(self) -> str:
        return self.text("prest/CNPJ") or self.text("prest/CPF")

    @property
    def customer(self) -> str:
        return clean_tax_id(self.text("toma/CNPJ") or self.text("toma/CPF"))

    @property
    def city(self) -> str:
        return self.text("cLocEmi")

    @property
    def service_code(self) -> str:
        return self.text("serv/cServ/cTribNac")

    @property
    def issued_at(self) -> datetime:
        return datetime.fromisoformat(self.text("dhEmi"))

    @property
    def competence_on(self) -> date:
        return date.fromisoformat(self.text("dCompet"))

    @property
    def simples(self) -> str:
        return self.text("prest/regTrib/opSimpNac")

    @property
    def by_simples(self) -> bool:
        """ISS, too."""
        return self.simples == "3" and self.text("prest/regTrib/regApTribSN") == "1"

    @property
    def iss_kind(self) -> str:
        return self.text("valores/trib/tribMun/tribISSQN")

    @property
    def withheld(self) -> bool:
        return self.text("valores/trib/tribMun/tpRetISSQN") in ("2", "3")

    @property
    def service_amount(self) -> Decimal:
        return self.money("valores/vServPrest/vServ")

    @property
    def base(self) -> Decimal:
        """What ISS is reckoned on."""
        discount = self.money("valores/vDescCondIncond/vDescIncond")
        return self.service_amount - discount - self.deducted - self.benefit

    @property
    def deducted(self) -> Decimal:
        """The amount, the percent of what is left after discounts, or the sum of the documents."""
        left = self.service_amount - self.money("valores/vDescCondIncond/vDescIncond")
        by_rate = _cents(left * self.money("valores/vDedRed/pDR") / 100)
        documents = self.all("valores/vDedRed/documentos/docDedRed")
        told = (one.findtext(_qualified("vDeducaoReducao")) or "0" for one in documents)
        return self.money("valores/vDedRed/vDR") + by_rate + sum((Decimal(one) for one in told), ZERO)

    @property
    def benefit(self) -> Decimal:
        group = "valores/trib/tribMun/BM"
        left = self.service_amount - self.money("valores/vDescCondIncond/vDescIncond") - self.deducted
        return self.money(f"{group}/vRedBCBM") + _cents(left * self.money(f"{group}/pRedBCBM") / 100)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@lru_cache(maxsize=512)
def _qualified(path: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
