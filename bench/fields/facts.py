"""People, companies and numbers that could be true, from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf, show_tax_id
from lacre.processing import checks

_FIRST = (
    "Ana",
    "Bruno",
    "Carla",
    "Davi",
    "Élida",
    "Fábio",
    "Gabriela",
    "Heitor",
    "Inês",
    "João",
    "Kátia",
    "Luís",
    "Márcia",
    "Nélson",
    "Olívia",
    "Paulo",
)
_MIDDLE = (
    "Aparecida dos Santos",
    "da Conceição",
    "de Souza",
    "Ferreira",
    "Gonçalves",
    "Henrique",
    "de Araújo",
    "Lúcia",
    "Moreira",
)
_LAST = (
    "Almeida",
    "Barbosa",
    "Cardoso",
    "Dias",
    "Esteves",
    "Figueirêdo",
    "Guimarães",
    "Lopes",
    "Magalhães",
    "Nóbrega",
    "Peçanha",
    "Ribeiro",
)
_TRADES = (
    "Comércio de Alimentos",
    "Transportes Rodoviários",
    "Serviços de Informática",
    "Materiais de Construção",
    "Papelaria",
)
_FORMS = ("Ltda.", "S.A.", "ME", "EIRELI")
_GOODS = (
    "Parafuso sextavado",
    "Cimento CP II 50 kg",
    "Papel A4 500 folhas",
    "Cabo flexível 2,5 mm",
    "Tinta acrílica 18 L",
    "Óleo diesel S10",
)
_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
    "novembro", "dezembro",
)  # fmt: skip
CITIES = ("São Paulo", "Belém", "Goiânia", "Florianópolis", "Maceió", "Niterói")


@dataclass(frozen=True)
class Facts:
    """Draws from a seed; the same each time."""

    draw: random.Random

    def one(self, *choices: str) -> str:
        return self.draw.choice(choices)

    def digits(self, count: int) -> str:
        return "".join(self.draw.choice("0123456789") for _ in range(count))

    def person(self) -> str:
        return f"{self.draw.choice(_FIRST)} {self.draw.choice(_MIDDLE)} {self.draw.choice(_LAST)}"

    def company(self) -> str:
        return f"{self.draw.choice(_LAST)} {self.draw.choice(_TRADES)} {self.draw.choice(_FORMS)}"

    def goods(self) -> str:
        return self.draw.choice(_GOODS)

    def cpf(self) -> str:
        base = self.digits(9)
        return next(show_tax_id(f"{base}{two:02d}") for two in range(100) if is_cpf(f"{base}{two:02d}"))

    def cnpj(self, *, letters: bool = False) -> str:
        """Of those given out since July 2026, some hold letters."""
        signs = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ" if letters else "0123456789"
        base = "".join(self.draw.choice(signs) for _ in range(8)) + f"{self.draw.randint(1, 30):04d}"
        return next(show_tax_id(f"{base}{two:02d}") for two in range(100) if is_cnpj(f"{base}{two:02d}"))

    def day(self, first: int = 2025, last: int = 2026) -> date:
        return date(first, 1, 1) + timedelta(days=self.draw.randrange(365 * (last - first + 1)))

    def cents(self, most: int = 9_000_000) -> int:
        return self.draw.randint(100, most)

    def access_key(self, cnpj: str, model: str) -> str:
        """As the tax office has it; of a CNPJ without letters."""
        body = (
            self.one(*checks.UFS) + f"{self.draw.randint(25, 26)}{self.draw.randint(1, 12):02d}"
            + "".join(one for one in cnpj if one.isdigit()) + model + f"{self.draw.randint(1, 9):03d}"
            + f"{self.draw.randint(1, 999_999):09d}" + "1" + self.digits(8)
        )  # fmt: skip
        return body + checks.access_key_digit(body)

    def service_key(self, cnpj: str, number: str) -> str:
        """Of a national NFS-e."""
        city, code = f"{self.one(*checks.UFS)}{self.digits(5)}", self.digits(9)
        month = f"{self.draw.randint(25, 26)}{self.draw.randint(1, 12):02d}"
        body = f"{city}22{clean_tax_id(cnpj)}{number:0>13}{month}{code}"
        return body + checks.access_key_digit(body)

    def boleto(self, due: date, cents: int) -> str:
        """The 47 digits of its line."""
        base = date(1997, 10, 7) if due < date(2025, 2, 22) else date(2022, 5, 29)
        head, tail = self.one("001", "033", "104", "237", "341") + "9", f"{(due - base).days:04d}{cents:010d}"
        rest = tail + self.digits(25)
        return checks.payment_line(head + checks.bar_code_digit(head + rest) + rest)

    def driver_number(self) -> str:
        base = self.digits(9)
        fits = (f"{base}{two:02d}" for two in range(100))
        return next((one for one in fits if checks.is_driver_number(one)), "") or self.driver_number()


def reais(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02d}"


def decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def br(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def in_words(day: date) -> str:
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def grouped_key(key: str) -> str:
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def shown_line(line: str) -> str:
    first = f"{line[:5]}.{line[5:10]} {line[10:15]}.{line[15:21]}"
    return f"{first} {line[21:26]}.{line[26:32]} {line[32]} {line[33:]}"
