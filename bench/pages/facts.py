"""What stands on the pages: people, companies, things and numbers with right check digits, all invented."""

# ruff: noqa: E501 - lists of words

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

GIVEN = (
    "Conceição", "João", "Antônia", "José", "Lúcia", "Inês", "Sebastião", "Zélia", "Márcio", "Cláudia", "Flávio",
    "Ângela", "Estêvão", "Thaís", "Íris", "Otávio", "Mônica", "Caetano", "Letícia", "Raíssa", "Valéria", "Nélson",
)  # fmt: skip
FAMILY = (
    "Araújo", "Gonçalves", "Assunção", "Magalhães", "Brandão", "Simões", "Guimarães", "Falcão", "Sá", "Corrêa",
    "Patrício", "Galvão", "Mourão", "Peçanha", "Fagundes", "Vasconcellos", "Nóbrega", "Quintão", "Ávila", "Muñoz",
)  # fmt: skip
TRADES = (
    "Construções", "Comércio de Peças", "Informática", "Logística", "Padaria e Confeitaria", "Móveis Planejados",
    "Indústria Têxtil", "Serviços Médicos", "Distribuidora de Alimentos", "Transportes Rodoviários",
)  # fmt: skip
STREETS = ("Rua São João", "Av. Brigadeiro Faria Lima", "Praça da Sé", "Travessa Três Irmãos", "Rua das Acácias",
           "Alameda dos Ipês", "Rod. Anhangüera, km 27", "Largo do Paissandu", "Rua Cônego Eugênio Leite")  # fmt: skip
CITIES = (
    "São Paulo - SP", "Goiânia - GO", "Belém - PA", "Florianópolis - SC", "Maceió - AL", "Brasília - DF",
    "Vitória - ES", "Cuiabá - MT", "Ribeirão Preto - SP", "Niterói - RJ", "Maringá - PR", "São Luís - MA",
)  # fmt: skip
GOODS = (
    "Parafuso sextavado aço inox 3/8\"", "Câmera de segurança IP 4 MP", "Cabo elétrico flexível 2,5 mm²",
    "Café torrado e moído 500 g", "Papel sulfite A4 75 g/m²", "Manutenção preventiva de elevador",
    "Locação de andaime tubular", "Serviço de instalação elétrica", "Pão francês (kg)", "Óleo lubrificante 5W-30",
    "Consultoria em gestão fiscal", "Lâmpada LED bulbo 12 W", "Régua de calibração nº 7", "Maçã Fuji nacional",
    "Bateria estacionária 60 Ah", "Higienização de reservatório", "Botijão de gás P13 (vasilhame)",
    "Mão de obra especializada", "Tinta acrílica fosca 18 L", "Fôrma de alumínio 40 cm",
)  # fmt: skip
CLAUSES = (
    "O presente instrumento tem por objeto a prestação de serviços de {thing}, a serem executados pela CONTRATADA "
    "nas dependências da CONTRATANTE, situadas na {address}.",
    "Pelos serviços ora contratados, a CONTRATANTE pagará à CONTRATADA a importância de {money}, em parcelas "
    "mensais e sucessivas, vencendo-se a primeira em {date}.",
    "O atraso no pagamento sujeitará o devedor à multa de {percent} sobre o valor da obrigação, acrescida de juros "
    "de mora de 1% ao mês e correção monetária pelo IPCA, sem prejuízo de honorários advocatícios.",
    "A vigência deste contrato será de 24 (vinte e quatro) meses, com início em {date} e término em {date}, "
    "podendo ser prorrogada mediante termo aditivo assinado por ambas as partes.",
    "É vedada a cessão ou a transferência, total ou parcial, dos direitos e obrigações decorrentes deste "
    "instrumento, salvo com anuência prévia e expressa da outra parte.",
    "As partes comprometem-se a tratar os dados pessoais a que tiverem acesso em conformidade com a Lei nº "
    "13.709/2018 (LGPD), adotando medidas técnicas e administrativas de segurança.",
    "Fica nomeado fiador o(a) Sr(a). {person}, inscrito(a) no CPF sob o nº {cpf}, residente e domiciliado(a) na "
    "{address}, CEP {cep}, que responderá solidariamente pelas obrigações aqui assumidas.",
    "A CONTRATADA declara possuir inscrição regular no CNPJ sob o nº {cnpj}, bem como todas as licenças, alvarás e "
    "autorizações exigíveis para o exercício de suas atividades.",
    "Qualquer tolerância quanto ao descumprimento de cláusula não importará em novação, renúncia ou precedente, "
    "permanecendo íntegras as disposições não expressamente alteradas.",
    "O valor global estimado é de {money}, dos quais {money} correspondem a materiais e {money} à mão de obra, "
    "conforme a planilha do Anexo II, que integra este contrato para todos os efeitos.",
    "As comunicações serão feitas por escrito, para o e-mail {mail} ou pelo telefone {phone}, considerando-se "
    "recebidas no primeiro dia útil subseqüente ao envio.",
    "Em caso de rescisão imotivada, a parte que lhe der causa pagará à outra indenização equivalente a {percent} do "
    "saldo contratual, apurado até {date}.",
    "Para dirimir quaisquer dúvidas oriundas deste contrato, as partes elegem o foro da Comarca de {city}, com "
    "renúncia expressa a qualquer outro, por mais privilegiado que seja.",
    "A garantia prevista no art. 26, § 1º, do Código de Defesa do Consumidor não exclui a garantia contratual de 12 "
    "(doze) meses, contada da 1ª entrega.",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Draws everything from one seeded source."""

    dice: random.Random

    def person(self) -> str:
        return f"{self.dice.choice(GIVEN)} {self.dice.choice(FAMILY)} {self.dice.choice(FAMILY)}"

    def company(self) -> str:
        ending = self.dice.choice(("Ltda.", "S.A.", "ME", "EIRELI", "& Cia. Ltda."))
        return f"{self.dice.choice(FAMILY)} {self.dice.choice(TRADES)} {ending}"

    def address(self) -> str:
        return f"{self.dice.choice(STREETS)}, nº {self.dice.randint(1, 4999)}, {self.city()}"

    def city(self) -> str:
        return self.dice.choice(CITIES)

    def thing(self) -> str:
        return self.dice.choice(GOODS).lower()

    def good(self) -> str:
        return self.dice.choice(GOODS)

    def cents(self) -> int:
        """Half below a hundred reais, some in the millions."""
        return self.dice.randint(99, 10 ** self.dice.randint(3, 9))

    def money(self) -> str:
        return f"R$ {shown(self.cents())}"

    def percent(self) -> str:
        return f"{self.dice.randint(1, 30)},{self.dice.randint(0, 99):02}%"

    def date(self) -> str:
        return f"{self.dice.randint(1, 28):02}/{self.dice.randint(1, 12):02}/{self.dice.randint(1990, 2031)}"

    def phone(self) -> str:
        return f"({self.dice.randint(11, 99)}) 9{self.digits(4)}-{self.digits(4)}"

    def mail(self) -> str:
        return f"contato{self.digits(2)}@exemplo.com.br"

    def cep(self) -> str:
        return f"{self.digits(5)}-{self.digits(3)}"

    def cpf(self) -> str:
        base = self.digits(9)
        first = _check(base, range(10, 1, -1))
        second = _check(base + first, range(11, 1, -1))
        return f"{base[:3]}.{base[3:6]}.{base[6:]}-{first}{second}"

    def cnpj(self) -> str:
        base = self.digits(8) + self.dice.choice(("0001", "0002", "0013"))
        weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
        first = _check(base, weights[1:])
        second = _check(base + first, weights)
        return f"{base[:2]}.{base[2:5]}.{base[5:8]}/{base[8:]}-{first}{second}"

    def digits(self, count: int) -> str:
        return "".join(self.dice.choice("0123456789") for _ in range(count))

    def clause(self) -> str:
        words = self.dice.choice(CLAUSES)
        while "{" in words:
            name = words[words.index("{") + 1 : words.index("}")]
            words = words.replace(f"{{{name}}}", self._named(name), 1)
        return words

    def _named(self, name: str) -> str:
        found: Callable[[], str] = getattr(self, name)
        return found()


def shown(cents: int) -> str:
    """`123456` → `"1.234,56"`."""
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02}"


def _check(base: str, weights: range | tuple[int, ...]) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(base, weights, strict=True)) % 11
    return "0" if rest < 2 else str(11 - rest)
