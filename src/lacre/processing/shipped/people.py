"""Papers of people: CNH, RG, CTPS, RNTRC; and the summary of a signed contract."""

from __future__ import annotations

from lacre.processing.document_type import Column, DocumentType, Field, Kind
from lacre.processing.shipped.rules import anywhere, coded, near, under

_NAME = Field(
    name="nome",
    title="Nome",
    kind=Kind.NAME,
    required=True,
    rules=(
        under("NOME", "2 e 1 NOME E SOBRENOME", "NOME E SOBRENOME", "Nome civil"),
        near("Nome civil", "Nome e sobrenome", "Nome"),
    ),
)
_CPF = Field(name="cpf", title="CPF", kind=Kind.CPF, required=True, rules=(near("CPF", "4d CPF"), anywhere()))

CNH = DocumentType(
    number=6,
    name="CNH",
    description="Carteira nacional de habilitação, frente e verso, também a digital.",
    fields=(
        _NAME,
        _CPF,
        Field(
            name="registro",
            title="Nº de registro",
            kind=Kind.DRIVER_NUMBER,
            required=True,
            rules=(near("5 Nº REGISTRO", "Nº REGISTRO", "REGISTRO"), anywhere()),
        ),
        Field(
            name="data_nascimento",
            title="Data de nascimento",
            kind=Kind.DATE,
            required=True,
            rules=(
                under(
                    "3 DATA, LOCAL E UF DE NASCIMENTO",
                    "DATA, LOCAL E UF DE NASCIMENTO",
                    "DATA NASCIMENTO",
                    "DATA DE NASCIMENTO",
                ),
            ),
        ),
        Field(
            name="data_emissao",
            title="Data de emissão",
            kind=Kind.DATE,
            rules=(under("4a DATA EMISSÃO", "DATA EMISSÃO", "DATA DE EMISSÃO"),),
        ),
        Field(
            name="validade",
            title="Validade",
            kind=Kind.DATE,
            required=True,
            rules=(under("4b VALIDADE", "VALIDADE"),),
        ),
        Field(
            name="primeira_habilitacao",
            title="1ª habilitação",
            kind=Kind.DATE,
            rules=(under("1ª HABILITAÇÃO", "PRIMEIRA HABILITAÇÃO"),),
        ),
        Field(
            name="categoria",
            title="Categoria",
            choices=("ACC", "A", "B", "C", "D", "E", "AB", "AC", "AD", "AE"),
            rules=(
                under("9 CAT HAB", "CAT. HAB.", "CAT HAB", "CATEGORIA", pattern=r"\b(ACC|A[B-E]?|[BCDE])\b"),
            ),
        ),
        Field(
            name="documento_identidade",
            title="Documento de identidade",
            rules=(
                under(
                    "4c DOC IDENTIDADE / ÓRG EMISSOR / UF",
                    "DOC. IDENTIDADE / ÓRG. EMISSOR / UF",
                    "DOC IDENTIDADE / ORG EMISSOR UF",
                    pattern=r"[\d.\-Xx]{5,14}",
                ),
            ),
        ),
        Field(name="renach", title="RENACH", rules=(anywhere(r"\b([A-Z]{2}\d{9})\b"),)),
    ),
)

RG = DocumentType(
    number=8,
    name="RG",
    description="Carteira de identidade, frente e verso, também a nacional (CIN).",
    fields=(
        _NAME,
        Field(
            name="registro_geral",
            title="Registro geral",
            required=True,
            rules=(near("REGISTRO GERAL", "RG", pattern=r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dXx]?"),),
        ),
        _CPF,
        Field(
            name="data_nascimento",
            title="Data de nascimento",
            kind=Kind.DATE,
            required=True,
            rules=(near("DATA DE NASCIMENTO", "DATA NASCIMENTO", "NASCIMENTO"),),
        ),
        Field(
            name="data_expedicao",
            title="Data de expedição",
            kind=Kind.DATE,
            rules=(near("DATA DE EXPEDIÇÃO", "EXPEDIÇÃO", "DATA DE EMISSÃO"),),
        ),
        Field(
            name="naturalidade", title="Naturalidade", rules=(near("NATURALIDADE", pattern=r"[^\W\d_].*"),)
        ),
        Field(name="mae", title="Mãe", kind=Kind.NAME, rules=(near("NOME DA MÃE", "MÃE", "FILIAÇÃO"),)),
    ),
)

CTPS = DocumentType(
    number=79,
    name="CTPS Digital",
    description="Carteira de trabalho digital, com os seus contratos.",
    fields=(
        Field(name="nome", title="Nome", kind=Kind.NAME, required=True, rules=(near("Nome civil", "Nome"),)),
        _CPF,
        Field(
            name="data_nascimento",
            title="Data de nascimento",
            kind=Kind.DATE,
            rules=(near("Data de nascimento", "Nascimento"),),
        ),
        Field(name="mae", title="Nome da mãe", kind=Kind.NAME, rules=(near("Nome da mãe"),)),
        Field(
            name="pis",
            title="PIS/PASEP",
            kind=Kind.NUMBER,
            rules=(near("PIS/PASEP", "NIS", "PIS", pattern=r"\d{3}\.?\d{5}\.?\d{2}-?\d"),),
        ),
        Field(
            name="contratos",
            title="Contratos",
            kind=Kind.TABLE,
            columns=(
                Column(name="empregador", headers=("Empregador", "Empresa"), kind=Kind.NAME),
                Column(name="cnpj", headers=("CNPJ",), kind=Kind.CNPJ),
                Column(name="admissao", headers=("Admissão", "Data de admissão"), kind=Kind.DATE),
                Column(name="cargo", headers=("Cargo", "Ocupação"), kind=Kind.TEXT),
                Column(name="salario", headers=("Salário", "Remuneração"), kind=Kind.MONEY),
            ),
        ),
    ),
)

RNTRC = DocumentType(
    number=9,
    name="RNTRC",
    description="Certificado do Registro Nacional de Transportadores Rodoviários de Cargas.",
    fields=(
        Field(
            name="rntrc",
            title="RNTRC",
            kind=Kind.NUMBER,
            required=True,
            rules=(near("RNTRC", "Nº do RNTRC", "Número do registro", pattern=r"(?<!\d)\d{8,9}(?!\d)"),),
        ),
        Field(
            name="transportador",
            title="Transportador",
            kind=Kind.NAME,
            required=True,
            rules=(near("Transportador", "Nome do transportador", "Nome ou razão social"),),
        ),
        Field(
            name="documento",
            title="CPF ou CNPJ",
            kind=Kind.TAX_ID,
            required=True,
            rules=(near("CPF/CNPJ", "CNPJ", "CPF"), anywhere()),
        ),
        Field(
            name="categoria",
            title="Categoria",
            choices=("ETC", "TAC", "CTC"),
            rules=(near("Categoria", pattern=r"\b(ETC|TAC|CTC)\b"), anywhere(r"\b(ETC|TAC|CTC)\b")),
        ),
        Field(
            name="situacao",
            title="Situação",
            choices=("Ativo", "Vencido", "Suspenso", "Cancelado", "Pendente"),
            rules=(near("Situação", "Situação do registro", pattern=r"[^\W\d_]+"),),
        ),
        Field(
            name="validade",
            title="Validade",
            kind=Kind.DATE,
            rules=(near("Validade", "Data de validade", "Válido até"),),
        ),
        Field(
            name="cadastrado_em",
            title="Cadastrado em",
            kind=Kind.DATE,
            rules=(near("Cadastrado desde", "Data de cadastro", "Emissão"),),
        ),
        Field(
            name="municipio", title="Município", rules=(near("Município/UF", "Município", pattern=r"[^/]+"),)
        ),
        Field(
            name="uf",
            title="UF",
            kind=Kind.UF,
            rules=(near("Município/UF", pattern=r"/ ?([A-Z]{2})"), near("UF")),
        ),
    ),
)

CONTRACT = DocumentType(
    number=13,
    name="Contrato assinado",
    description="O resumo de um contrato: as partes, o valor, a data e quem assinou.",
    fields=(
        Field(
            name="titulo",
            title="Título",
            rules=(anywhere(r"^(?P<value>(?:instrumento|contrato|termo|acordo)\b.{3,120})$"),),
        ),
        Field(
            name="contratante_nome",
            title="Contratante",
            kind=Kind.NAME,
            required=True,
            rules=(near("CONTRATANTE:", "CONTRATANTE", "LOCADOR", "VENDEDOR", pattern=r"([^,]+)"),),
        ),
        Field(
            name="contratante_documento",
            title="CPF ou CNPJ do contratante",
            kind=Kind.TAX_ID,
            rules=(near("CONTRATANTE:", "CONTRATANTE", "LOCADOR", "VENDEDOR"),),
        ),
        Field(
            name="contratado_nome",
            title="Contratado",
            kind=Kind.NAME,
            required=True,
            rules=(
                near("CONTRATADA:", "CONTRATADA", "CONTRATADO", "LOCATÁRIO", "COMPRADOR", pattern=r"([^,]+)"),
            ),
        ),
        Field(
            name="contratado_documento",
            title="CPF ou CNPJ do contratado",
            kind=Kind.TAX_ID,
            rules=(near("CONTRATADA:", "CONTRATADA", "CONTRATADO", "LOCATÁRIO", "COMPRADOR"),),
        ),
        Field(
            name="valor",
            title="Valor",
            kind=Kind.MONEY,
            rules=(near("VALOR DO CONTRATO", "VALOR", "PREÇO"), anywhere(r"R\$ ?[\d.]+,\d{2}")),
        ),
        Field(name="data", title="Data", kind=Kind.DATE, rules=(anywhere(r"\d{1,2}º? de [a-zç]+ de \d{4}"),)),
        Field(
            name="codigo_verificacao",
            title="Código de verificação",
            rules=(
                coded("qr", pattern=r"/verify/([0-9A-Za-z-]{8,64})"),
                near("Código de verificação", "Código", pattern=r"[0-9A-Za-z]{4}[0-9A-Za-z-]{4,60}"),
            ),
        ),
        Field(
            name="assinaturas",
            title="Assinaturas",
            kind=Kind.TABLE,
            columns=(
                Column(name="nome", headers=("Signatário", "Assinado por", "Nome"), kind=Kind.NAME),
                Column(name="documento", headers=("CPF", "CPF/CNPJ"), kind=Kind.TAX_ID),
                Column(name="data", headers=("Assinado em", "Data"), kind=Kind.DATE),
            ),
        ),
    ),
)
