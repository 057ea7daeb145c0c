"""Boletos, the heads of bank statements, invoices and receipts."""

from __future__ import annotations

from lacre.processing.document_type import DocumentType, Field, Kind, Part
from lacre.processing.shipped.rules import after, anywhere, coded, near, said_by

BOLETO = DocumentType(
    number=5,
    name="Boleto",
    description="Boleto bancário ou guia de arrecadação.",
    fields=(
        Field(
            name="linha_digitavel",
            title="Linha digitável",
            kind=Kind.PAYMENT_LINE,
            required=True,
            rules=(coded("itf", pattern=r"\d{44}"), anywhere()),
        ),
        Field(
            name="codigo_barras",
            title="Código de barras",
            kind=Kind.NUMBER,
            rules=(said_by("linha_digitavel", Part.LINE_BAR_CODE),),
        ),
        Field(
            name="banco",
            title="Banco",
            kind=Kind.NUMBER,
            rules=(said_by("linha_digitavel", Part.LINE_BANK),),
        ),
        Field(
            name="vencimento",
            title="Vencimento",
            kind=Kind.DATE,
            required=True,
            rules=(said_by("linha_digitavel", Part.LINE_DUE_ON), near("Vencimento", "Data de vencimento")),
        ),
        Field(
            name="valor",
            title="Valor",
            kind=Kind.MONEY,
            required=True,
            rules=(
                said_by("linha_digitavel", Part.LINE_AMOUNT),
                near("Valor do documento", "(=) Valor do documento", "Valor cobrado"),
            ),
        ),
        Field(
            name="beneficiario_nome",
            title="Beneficiário",
            kind=Kind.NAME,
            rules=(near("Beneficiário", "Cedente", "Nome do beneficiário"),),
        ),
        Field(
            name="beneficiario_documento",
            title="CNPJ ou CPF do beneficiário",
            kind=Kind.TAX_ID,
            rules=(
                near("CNPJ/CPF do beneficiário", "CPF/CNPJ do beneficiário"),
                near("Beneficiário", "Cedente"),
            ),
        ),
        Field(
            name="pagador_nome",
            title="Pagador",
            kind=Kind.NAME,
            rules=(near("Pagador", "Sacado", "Nome do pagador"),),
        ),
        Field(
            name="pagador_documento",
            title="CNPJ ou CPF do pagador",
            kind=Kind.TAX_ID,
            rules=(near("CNPJ/CPF do pagador", "CPF/CNPJ do pagador"), near("Pagador", "Sacado")),
        ),
        Field(
            name="nosso_numero",
            title="Nosso número",
            rules=(near("Nosso número", "Carteira / Nosso número", pattern=r"\d[\d/.\-]{4,24}"),),
        ),
        Field(
            name="numero_documento",
            title="Número do documento",
            rules=(near("Número do documento", "Nº do documento", pattern=r"[A-Z0-9][A-Z0-9/.\-]{1,24}"),),
        ),
        Field(
            name="data_documento",
            title="Data do documento",
            kind=Kind.DATE,
            rules=(near("Data do documento"),),
        ),
    ),
)

_SPELT = r"\d{1,2} de [a-zç]{4,9} de \d{4}"

STATEMENT = DocumentType(
    number=11,
    name="Extrato bancário",
    description="O cabeçalho de um extrato: de quem, de qual conta, de quando, e com quais saldos.",
    fields=(
        Field(
            name="titular",
            title="Titular",
            kind=Kind.NAME,
            required=True,
            rules=(near("Titular", "Nome do cliente", "Cliente"),),
        ),
        Field(
            name="titular_documento",
            title="CPF ou CNPJ",
            kind=Kind.TAX_ID,
            rules=(near("CPF/CNPJ", "CPF", "CNPJ"), anywhere()),
        ),
        Field(
            name="agencia",
            title="Agência",
            required=True,
            rules=(near("Agência", "Ag.", pattern=r"\d{3,5}(?:-[\dXx])?"),),
        ),
        Field(
            name="conta",
            title="Conta",
            required=True,
            rules=(near("Conta corrente", "Conta", "C/C", pattern=r"\d[\d.]{2,12}-[\dXx]"),),
        ),
        Field(
            name="periodo_inicio",
            title="Início do período",
            kind=Kind.DATE,
            rules=(
                near("Período", "Extrato do período", pattern=r"(\d{2}/\d{2}/\d{4}) ?(?:a|à|até|-)"),
                anywhere(rf"({_SPELT}) (?:a|à|até) {_SPELT}"),
            ),
        ),
        Field(
            name="periodo_fim",
            title="Fim do período",
            kind=Kind.DATE,
            rules=(
                near(
                    "Período",
                    "Extrato do período",
                    pattern=r"\d{2}/\d{2}/\d{4} ?(?:a|à|até|-) ?(\d{2}/\d{2}/\d{4})",
                ),
                anywhere(rf"{_SPELT} (?:a|à|até) ({_SPELT})"),
            ),
        ),
        Field(
            name="saldo_inicial",
            title="Saldo inicial",
            kind=Kind.MONEY,
            rules=(near("Saldo anterior", "Saldo inicial"),),
        ),
        Field(
            name="saldo_final",
            title="Saldo final",
            kind=Kind.MONEY,
            rules=(near("Saldo final do período", "Saldo final", "Saldo atual", "Saldo disponível"),),
        ),
    ),
)

RECEIPT = DocumentType(
    number=12,
    name="Fatura ou recibo",
    description="Recibos, faturas e notas de débito sem forma oficial.",
    fields=(
        Field(
            name="numero",
            title="Número",
            rules=(
                near("Recibo nº", "Fatura nº", "Número da fatura", "Nº", pattern=r"[A-Z0-9]*\d[A-Z0-9/.\-]*"),
            ),
        ),
        Field(
            name="data",
            title="Data",
            kind=Kind.DATE,
            required=True,
            rules=(
                near("Data de emissão", "Emissão", "Data"),
                anywhere(r"\d{1,2} de [a-zç]+ de \d{4}"),
                anywhere(),
            ),
        ),
        Field(
            name="valor",
            title="Valor",
            kind=Kind.MONEY,
            required=True,
            rules=(
                near("Valor total", "Total a pagar", "Valor R$", "Valor", "Total"),
                anywhere(r"R\$ ?[\d.]+,\d{2}"),
            ),
        ),
        Field(
            name="vencimento",
            title="Vencimento",
            kind=Kind.DATE,
            rules=(near("Vencimento", "Data de vencimento"),),
        ),
        Field(
            name="pagador_nome",
            title="Quem paga",
            kind=Kind.NAME,
            rules=(
                after("Recebemos de", "Recebi de", pattern=r"([^,]+)"),
                near("Cliente", "Sacado", "Pagador"),
            ),
        ),
        Field(
            name="pagador_documento",
            title="CPF ou CNPJ de quem paga",
            kind=Kind.TAX_ID,
            rules=(near("CPF/CNPJ do cliente", "CPF/CNPJ do pagador"), after("Recebemos de", "Recebi de")),
        ),
        Field(
            name="recebedor_nome",
            title="Quem recebe",
            kind=Kind.NAME,
            rules=(near("Emitente", "Fornecedor", "Prestador"),),
        ),
        Field(
            name="recebedor_documento",
            title="CPF ou CNPJ de quem recebe",
            kind=Kind.TAX_ID,
            rules=(near("CPF/CNPJ do emitente", "CNPJ do emitente", "CNPJ do fornecedor"),),
        ),
        Field(
            name="referente", title="Referente a", rules=(near("Referente a", "Referente à", "Descrição"),)
        ),
    ),
)
