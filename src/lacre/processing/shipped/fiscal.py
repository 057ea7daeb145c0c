"""Invoices of goods and services: DANFE, NFC-e and NFS-e."""

from __future__ import annotations

from lacre.processing.document_type import Column, DocumentType, Field, Kind, Part
from lacre.processing.shipped.rules import after, anywhere, coded, near, said_by, under

_BARS = ("code128", "qr")
_SIGNS = r"\d{6}[0-9A-Za-z]{12}\d{26}"
_KEY_NAMES = ("CHAVE DE ACESSO", "CHAVE DE ACESSO DA NF-E", "Chave de acesso")


def _key(*extra: str) -> tuple[Field, ...]:
    """An access key, and what it says by itself: it is checked, so it comes before what is printed."""
    return (
        Field(
            name="chave_acesso",
            title="Chave de acesso",
            kind=Kind.ACCESS_KEY,
            required=True,
            rules=(coded(*_BARS, pattern=_SIGNS), near(*_KEY_NAMES, *extra), anywhere()),
        ),
        Field(
            name="numero",
            title="Número",
            kind=Kind.INTEGER,
            required=True,
            rules=(said_by("chave_acesso", Part.KEY_NUMBER), near("Nº", "Número")),
        ),
        Field(
            name="serie",
            title="Série",
            kind=Kind.INTEGER,
            rules=(said_by("chave_acesso", Part.KEY_SERIES), near("SÉRIE")),
        ),
        Field(name="uf", title="UF do emitente", kind=Kind.UF, rules=(said_by("chave_acesso", Part.KEY_UF),)),
        Field(
            name="emitente_documento",
            title="CNPJ ou CPF do emitente",
            kind=Kind.TAX_ID,
            required=True,
            rules=(said_by("chave_acesso", Part.KEY_ISSUER), near("CNPJ")),
        ),
    )


_ITEMS = (
    Column(name="codigo", headers=("CÓDIGO", "CÓD. PROD", "CÓDIGO PRODUTO", "CÓD."), kind=Kind.TEXT),
    Column(
        name="descricao",
        headers=("DESCRIÇÃO", "DESCRIÇÃO DO PRODUTO / SERVIÇO", "DESCRIÇÃO DO PRODUTO"),
        kind=Kind.TEXT,
    ),
    Column(name="quantidade", headers=("QTD", "QUANT.", "QUANTIDADE", "QTDE"), kind=Kind.DECIMAL),
    Column(
        name="valor_unitario",
        headers=("VL UNIT", "VALOR UNIT.", "V. UNITÁRIO", "V. UNIT.", "VALOR UNITÁRIO"),
        kind=Kind.DECIMAL,
    ),
    Column(name="valor_total", headers=("VL TOTAL", "VALOR TOTAL", "V. TOTAL"), kind=Kind.MONEY),
)

_RECIPIENT = ("DESTINATÁRIO / REMETENTE", "DESTINATÁRIO/REMETENTE", "DADOS DO DESTINATÁRIO")
_SUMS = (
    "CÁLCULO DO IMPOSTO", "FATURA", "DUPLICATAS", "LOCAL DE ENTREGA", "LOCAL DE RETIRADA",
    "INFORMAÇÕES DO LOCAL DE", "TRANSPORTADOR", "DADOS DO PRODUTO", "DADOS DOS PRODUTOS",
)  # fmt: skip
"""Where who receives the goods ends."""

DANFE = DocumentType(
    number=2,
    name="DANFE (NF-e)",
    description="Documento auxiliar da nota fiscal eletrônica.",
    fields=(
        *_key(),
        Field(
            name="natureza_operacao",
            title="Natureza da operação",
            rules=(under("NATUREZA DA OPERAÇÃO", "NATUREZA OPERAÇÃO"),),
        ),
        Field(
            name="protocolo",
            title="Protocolo de autorização",
            kind=Kind.NUMBER,
            rules=(near("PROTOCOLO DE AUTORIZAÇÃO DE USO", "PROTOCOLO DE AUTORIZAÇÃO", pattern=r"\d{15}"),),
        ),
        Field(
            name="destinatario_nome",
            title="Destinatário",
            kind=Kind.NAME,
            rules=(
                under("NOME / RAZÃO SOCIAL", "NOME/RAZÃO SOCIAL", section=_RECIPIENT),
                under("NOME / RAZÃO SOCIAL", "NOME/RAZÃO SOCIAL", "DESTINATÁRIO"),
            ),
        ),
        Field(
            name="destinatario_documento",
            title="CNPJ ou CPF do destinatário",
            kind=Kind.TAX_ID,
            # never outside of it: the issuer's stands above under the same name
            rules=(under("CNPJ / CPF", "CNPJ/CPF", "CPF/CNPJ", section=_RECIPIENT),),
        ),
        Field(
            name="destinatario_cep",
            title="CEP do destinatário",
            kind=Kind.CEP,
            rules=(under("CEP", section=_RECIPIENT), under("CEP")),
        ),
        Field(
            name="data_emissao",
            title="Data da emissão",
            kind=Kind.DATE,
            required=True,
            rules=(near("DATA DA EMISSÃO", "DATA DE EMISSÃO", "EMISSÃO"),),
        ),
        Field(
            name="valor_produtos",
            title="Valor dos produtos",
            kind=Kind.MONEY,
            rules=(
                near("VALOR TOTAL DOS PRODUTOS", "VALOR DOS PRODUTOS", section=_SUMS),
                near("VALOR TOTAL DOS PRODUTOS", "VALOR DOS PRODUTOS"),
            ),
        ),
        Field(
            name="valor_frete",
            title="Valor do frete",
            kind=Kind.MONEY,
            rules=(near("VALOR DO FRETE"),),
        ),
        Field(
            name="valor_total",
            title="Valor total da nota",
            kind=Kind.MONEY,
            required=True,
            rules=(near("VALOR TOTAL DA NOTA", "VALOR TOTAL NF"),),
        ),
        Field(name="itens", title="Produtos", kind=Kind.TABLE, columns=_ITEMS),
    ),
)

NFCE = DocumentType(
    number=3,
    name="NFC-e",
    description="Cupom da nota fiscal de consumidor eletrônica.",
    fields=(
        *_key("Consulte pela chave de acesso em"),
        Field(
            name="data_emissao",
            title="Data da emissão",
            kind=Kind.DATE,
            required=True,
            rules=(near("Emissão", "Data de emissão", "Data"), anywhere(r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}")),
        ),
        Field(
            name="protocolo",
            title="Protocolo de autorização",
            kind=Kind.NUMBER,
            rules=(near("Protocolo de autorização", "Protocolo", pattern=r"\d{15}"),),
        ),
        Field(
            name="consumidor_documento",
            title="CPF ou CNPJ do consumidor",
            kind=Kind.TAX_ID,
            rules=(near("CONSUMIDOR CPF", "CONSUMIDOR - CPF", "CONSUMIDOR"),),
        ),
        Field(
            name="valor_total",
            title="Valor a pagar",
            kind=Kind.MONEY,
            required=True,
            rules=(after("VALOR A PAGAR R$", "Valor a pagar", "VALOR TOTAL R$", "TOTAL R$"),),
        ),
        Field(
            name="forma_pagamento",
            title="Forma de pagamento",
            choices=("Dinheiro", "Cartão de Crédito", "Cartão de Débito", "PIX"),
            rules=(anywhere(r"(?P<value>dinheiro|cart[ãa]o de cr[ée]dito|cart[ãa]o de d[ée]bito|pix)\b"),),
        ),
    ),
)

_TAX_IDS = ("CNPJ / CPF / NIF", "CPF/CNPJ", "CNPJ/CPF", "CNPJ", "CPF")
_NAMES = (
    "Nome / Nome empresarial",
    "Nome/Razão social",
    "Razão social/Nome",
    "Razão social",
    "Nome empresarial",
)
_PROVIDER = (
    "PRESTADOR / FORNECEDOR", "PRESTADOR DE SERVIÇOS", "PRESTADOR DO SERVIÇO", "DADOS DO PRESTADOR",
    "EMITENTE DA NFS-e",
)  # fmt: skip
_CUSTOMER = (
    "TOMADOR / ADQUIRENTE", "TOMADOR DE SERVIÇOS", "TOMADOR DO SERVIÇO", "DADOS DO TOMADOR",
)  # fmt: skip
_OTHERS = (
    "SERVIÇO PRESTADO", "DESTINATÁRIO DA OPERAÇÃO", "O DESTINATÁRIO É O PRÓPRIO TOMADOR",
    "INTERMEDIÁRIO DA OPERAÇÃO", "INTERMEDIÁRIO DE SERVIÇOS", "INTERMEDIÁRIO DO SERVIÇO",
    "DISCRIMINAÇÃO DOS SERVIÇOS", "DISCRIMINAÇÃO DO SERVIÇO", "TRIBUTAÇÃO MUNICIPAL",
)  # fmt: skip
"""Where the customer ends."""
_SERVICE = r"\d{2}\.\d{2}(?:\.\d{2})?"

NFSE = DocumentType(
    number=4,
    name="NFS-e",
    description="Nota fiscal de serviço eletrônica, do modelo nacional ou de um município.",
    fields=(
        Field(
            name="chave_acesso",
            title="Chave de acesso",
            kind=Kind.ACCESS_KEY,
            rules=(
                coded("qr", pattern=r"(?<!\w)(?P<value>[0-9A-Za-z]{50})(?!\w)"),
                near("Chave de acesso da NFS-e"),
                anywhere(),
            ),
        ),
        Field(
            name="numero",
            title="Número",
            kind=Kind.INTEGER,
            required=True,
            rules=(
                said_by("chave_acesso", Part.KEY_NUMBER),
                near("Número da NFS-e", "Número da nota", "NFS-e nº"),
            ),
        ),
        Field(
            name="codigo_verificacao",
            title="Código de verificação",
            rules=(near("Código de verificação", pattern=r"[A-Z0-9]{4}[A-Z0-9-]{3,20}"),),
        ),
        Field(
            name="data_emissao",
            title="Data da emissão",
            kind=Kind.DATE,
            required=True,
            rules=(
                near(
                    "Data e hora da emissão da NFS-e", "Data e hora de emissão", "Data da emissão", "Emissão"
                ),
            ),
        ),
        Field(
            name="competencia",
            title="Competência",
            rules=(near("Competência da NFS-e", "Competência", pattern=r"(?:\d{2}/)?\d{2}/\d{4}"),),
        ),
        Field(
            name="prestador_documento",
            title="CNPJ ou CPF do prestador",
            kind=Kind.TAX_ID,
            required=True,
            rules=(
                said_by("chave_acesso", Part.KEY_ISSUER),
                near("CNPJ / CPF / NIF do prestador", "CNPJ do prestador", "Prestador CNPJ"),
                near(*_TAX_IDS, section=_PROVIDER),
            ),
        ),
        Field(
            name="prestador_nome",
            title="Prestador",
            kind=Kind.NAME,
            rules=(
                near(
                    "Nome / Nome empresarial do prestador",
                    "Razão social do prestador",
                ),
                near(*_NAMES, section=_PROVIDER),
                near("Prestador de serviços"),
            ),
        ),
        Field(
            name="tomador_documento",
            title="CNPJ ou CPF do tomador",
            kind=Kind.TAX_ID,
            rules=(
                near("CNPJ / CPF / NIF do tomador", "CPF/CNPJ do tomador", "Tomador CNPJ"),
                near(*_TAX_IDS, section=_CUSTOMER),
            ),
        ),
        Field(
            name="tomador_nome",
            title="Tomador",
            kind=Kind.NAME,
            rules=(
                near("Nome / Nome empresarial do tomador", "Razão social do tomador"),
                near(*_NAMES, section=_CUSTOMER),
                near("Tomador de serviços"),
            ),
        ),
        Field(
            name="codigo_servico",
            title="Código do serviço",
            rules=(
                near("Código de tributação nacional / municipal", pattern=_SERVICE, section=_OTHERS),
                near(
                    "Código de tributação nacional",
                    "Código do serviço",
                    "Item da lista",
                    pattern=_SERVICE,
                ),
                near("Código do serviço", pattern=r"\d{4,5}(?=\s?[-–])"),
            ),
        ),
        Field(
            name="valor_servico",
            title="Valor do serviço",
            kind=Kind.MONEY,
            required=True,
            rules=(
                near(
                    "Valor da operação / serviço",
                    "Valor do serviço",
                    "Valor dos serviços",
                    "Valor total dos serviços",
                ),
            ),
        ),
        Field(
            name="valor_iss",
            title="ISS",
            kind=Kind.MONEY,
            rules=(near("ISSQN apurado", "Valor do ISS", "ISS devido"),),
        ),
        Field(
            name="valor_liquido",
            title="Valor líquido",
            kind=Kind.MONEY,
            rules=(near("Valor líquido da NFS-e", "Valor líquido da nota", "Valor líquido"),),
        ),
    ),
)
