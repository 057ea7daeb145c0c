"""A sample document of each shipped type: spelling, order and form as the seed has it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from bench.fields.bars import code128, itf, qr
from bench.fields.drawing import Sample
from bench.fields.facts import (
    CITIES,
    Facts,
    br,
    decimal,
    grouped_key,
    in_words,
    reais,
    shown_line,
)
from lacre.processing import checks


def sample(number: int, seed: str) -> Sample:
    """The same one for the same type and seed."""
    draw = random.Random(f"{number} {seed}")
    made = Sample(number)
    _MAKERS[number](made, Facts(draw))
    made.draw(draw)
    return made


def _danfe(made: Sample, facts: Facts) -> None:
    cnpj, buyer, day = facts.cnpj(), facts.company(), facts.day()
    key = facts.access_key(cnpj, "55")
    buyer_id = facts.cnpj(letters=facts.draw.random() < 0.4) if facts.draw.random() < 0.7 else facts.cpf()
    goods, freight = facts.cents(), facts.cents(50_000)
    protocol, cep = facts.digits(15), f"{facts.digits(5)}-{facts.digits(3)}"
    made.title("DANFE — Documento Auxiliar da Nota Fiscal Eletrônica")
    made.picture("code128", key, code128(key), width=95, height=12)
    made.row((facts.one("CHAVE DE ACESSO", "CHAVE DE ACESSO DA NF-E"), grouped_key(key), 1))
    made.row(
        ("NATUREZA DA OPERAÇÃO", nature := facts.one("Venda de mercadoria", "Remessa para conserto"), 2),
        (
            facts.one("PROTOCOLO DE AUTORIZAÇÃO DE USO", "PROTOCOLO DE AUTORIZAÇÃO"),
            f"{protocol} - {br(day)} 10:22:31",
            2,
        ),
    )
    made.text("DESTINATÁRIO / REMETENTE")
    made.row(
        (facts.one("NOME / RAZÃO SOCIAL", "NOME/RAZÃO SOCIAL"), buyer, 3),
        (facts.one("CNPJ / CPF", "CNPJ/CPF"), buyer_id, 2),
        (facts.one("DATA DA EMISSÃO", "DATA DE EMISSÃO"), br(day), 1.3),
    )
    made.row(
        ("ENDEREÇO", f"Rua {facts.person()}, {facts.digits(3)}", 3),
        ("CEP", cep, 1),
        ("MUNICÍPIO", facts.one(*CITIES), 1.5),
    )
    items = [_item(facts) for _ in range(facts.draw.randint(1, 5))]
    headers = facts.one(
        "CÓDIGO|DESCRIÇÃO|QTD|VL UNIT|VL TOTAL",
        "CÓD. PROD|DESCRIÇÃO DO PRODUTO|QUANT.|VALOR UNIT.|VALOR TOTAL",
    )
    made.row(
        ("VALOR DO FRETE", reais(freight), 1),
        (facts.one("VALOR TOTAL DOS PRODUTOS", "VALOR DOS PRODUTOS"), reais(goods), 1),
        (facts.one("VALOR TOTAL DA NOTA", "VALOR TOTAL DA NOTA"), reais(goods + freight), 1),
    )
    made.table(headers.split("|"), [[*one] for one in items], (1, 3, 1, 1.2, 1.2))
    made.text("DADOS ADICIONAIS: documento emitido por ME ou EPP optante pelo Simples Nacional.")
    made.truth = {
        "chave_acesso": key,
        "numero": str(int(key[25:34])),
        "serie": str(int(key[22:25])),
        "uf": checks.UFS[key[:2]],
        "emitente_documento": "".join(one for one in cnpj if one.isdigit()),
        "natureza_operacao": nature,
        "protocolo": protocol,
        "destinatario_nome": buyer.rstrip("."),
        "destinatario_documento": buyer_id,
        "destinatario_cep": cep,
        "data_emissao": day.isoformat(),
        "valor_produtos": decimal(goods),
        "valor_frete": decimal(freight),
        "valor_total": decimal(goods + freight),
        "itens": [
            dict(
                zip(
                    ("codigo", "descricao", "quantidade", "valor_unitario", "valor_total"),
                    (one[0], one[1], *(_plain(value) for value in one[2:])),
                    strict=True,
                )
            )
            for one in items
        ],
    }
    made.truth["emitente_documento"] = cnpj


def _item(facts: Facts) -> tuple[str, str, str, str, str]:
    count, each = facts.draw.randint(1, 40), facts.cents(90_000)
    return facts.digits(6), facts.goods(), f"{count},00", reais(each), reais(each * count)


def _plain(shown: str) -> str:
    return shown.replace(".", "").replace(",", ".")


def _nfce(made: Sample, facts: Facts) -> None:
    cnpj, day, total = facts.cnpj(), facts.day(), facts.cents(200_000)
    key = facts.access_key(cnpj, "65")
    protocol, cpf = facts.digits(15), facts.cpf()
    payment = facts.one("Dinheiro", "Cartão de Crédito", "Cartão de Débito", "PIX")
    made.title(facts.company())
    made.lines(("CNPJ", cnpj), ("Documento Auxiliar da Nota Fiscal de Consumidor Eletrônica", ""))
    made.table(
        ("CÓDIGO", "DESCRIÇÃO", "QTDE", "VL UNIT", "VL TOTAL"),
        [[*_item(facts)] for _ in range(3)],
        (1, 3, 1, 1.2, 1.2),
    )
    made.lines(
        (facts.one("VALOR A PAGAR R$", "VALOR TOTAL R$"), reais(total)), (f"FORMA DE PAGAMENTO {payment}", "")
    )
    made.text(f"Consulte pela chave de acesso em www.fazenda.gov.br {grouped_key(key)}")
    made.text(f"CONSUMIDOR - CPF {cpf}")
    made.text(
        f"NFC-e nº {key[25:34]} Série {key[22:25]} "
        f"{facts.one('Emissão', 'Data de emissão')} {br(day)} 18:04:55"
    )
    made.text(f"Protocolo de autorização: {protocol} {br(day)} 18:05:01")
    made.picture(
        "qr",
        said := f"https://www.fazenda.gov.br/nfce/qrcode?p={key}|2|1|1|{facts.digits(8)}",
        qr(said),
        width=32,
        height=32,
    )
    made.truth = {
        "chave_acesso": key,
        "numero": str(int(key[25:34])),
        "serie": str(int(key[22:25])),
        "uf": checks.UFS[key[:2]],
        "emitente_documento": cnpj,
        "data_emissao": day.isoformat(),
        "protocolo": protocol,
        "consumidor_documento": cpf,
        "valor_total": decimal(total),
        "forma_pagamento": payment,
    }


def _nfse(made: Sample, facts: Facts) -> None:
    number, day, cents = str(facts.draw.randint(1, 99_999)), facts.day(), facts.cents()
    iss = cents * 5 // 100
    seller, buyer, seller_id, buyer_id = (
        facts.company(),
        facts.company(),
        facts.cnpj(letters=facts.draw.random() < 0.3),
        facts.cpf(),
    )
    key = facts.service_key(seller_id, number)
    service = f"{facts.draw.randint(1, 40):02d}.{facts.draw.randint(1, 20):02d}.01"
    made.title(
        facts.one("DANFSe v1.0 — Documento Auxiliar da NFS-e", "NOTA FISCAL DE SERVIÇOS ELETRÔNICA — NFS-e")
    )
    made.row(("Chave de acesso da NFS-e", key, 1))
    made.row(
        (facts.one("Número da NFS-e", "Número da nota"), number, 1),
        (facts.one("Competência da NFS-e", "Competência"), br(day), 1),
        (facts.one("Data e hora da emissão da NFS-e", "Data e hora de emissão"), f"{br(day)} 09:15:00", 1.5),
    )
    made.row(
        (facts.one("CNPJ / CPF / NIF do prestador", "CNPJ do prestador"), seller_id, 1),
        (facts.one("Nome / Nome empresarial do prestador", "Razão social do prestador"), seller, 2),
    )
    made.row(
        (facts.one("CNPJ / CPF / NIF do tomador", "CPF/CNPJ do tomador"), buyer_id, 1),
        (facts.one("Nome / Nome empresarial do tomador", "Razão social do tomador"), buyer, 2),
    )
    made.row(
        (facts.one("Código de tributação nacional", "Código do serviço"), service, 1),
        ("Descrição do serviço", "Desenvolvimento e suporte", 2),
    )
    made.row(
        (facts.one("Valor do serviço", "Valor dos serviços"), f"R$ {reais(cents)}", 1),
        (facts.one("ISSQN apurado", "Valor do ISS"), f"R$ {reais(iss)}", 1),
        (facts.one("Valor líquido da NFS-e", "Valor líquido da nota"), f"R$ {reais(cents - iss)}", 1),
    )
    made.picture(
        "qr",
        said := f"https://www.nfse.gov.br/ConsultaPublica/?tpc=1&chave={key}",
        qr(said),
        width=30,
        height=30,
    )
    made.truth = {
        "numero": number,
        "chave_acesso": key,
        "data_emissao": day.isoformat(),
        "competencia": br(day),
        "prestador_documento": seller_id,
        "prestador_nome": seller.rstrip("."),
        "tomador_documento": buyer_id,
        "tomador_nome": buyer.rstrip("."),
        "codigo_servico": service,
        "valor_servico": decimal(cents),
        "valor_iss": decimal(iss),
        "valor_liquido": decimal(cents - iss),
    }


def _boleto(made: Sample, facts: Facts) -> None:
    due, cents, day = facts.day(2025, 2026), facts.cents(), facts.day(2025, 2025)
    line = facts.boleto(due, cents)
    seller, buyer, seller_id, buyer_id = facts.company(), facts.person(), facts.cnpj(), facts.cpf()
    ours, theirs = f"{facts.digits(2)}/{facts.digits(8)}-{facts.digits(1)}", f"NF-{facts.digits(5)}"
    made.row((f"Banco {line[:3]}", "Pague pelo aplicativo", 1), ("", shown_line(line), 3))
    made.row(
        (facts.one("Beneficiário", "Nome do beneficiário"), seller, 2),
        (facts.one("CNPJ/CPF do beneficiário", "CPF/CNPJ do beneficiário"), seller_id, 1),
        ("Vencimento", br(due), 1),
    )
    made.row(
        ("Data do documento", br(day), 1),
        (facts.one("Número do documento", "Nº do documento"), theirs, 1),
        ("Espécie", "DM", 0.5),
        (facts.one("Nosso número", "Carteira / Nosso número"), ours, 1),
        (facts.one("Valor do documento", "(=) Valor do documento"), reais(cents), 1),
    )
    made.row(
        (facts.one("Pagador", "Nome do pagador"), buyer, 2),
        (facts.one("CNPJ/CPF do pagador", "CPF/CNPJ do pagador"), buyer_id, 1),
    )
    made.text("Instruções: não receber após 30 dias do vencimento. Multa de 2% e juros de 1% ao mês.")
    bars = checks.bar_code(line)
    made.picture("itf", bars, itf(bars), width=103, height=13)
    made.truth = {
        "linha_digitavel": line,
        "codigo_barras": bars,
        "banco": line[:3],
        "vencimento": due.isoformat(),
        "valor": decimal(cents),
        "beneficiario_nome": seller.rstrip("."),
        "beneficiario_documento": seller_id,
        "pagador_nome": buyer,
        "pagador_documento": buyer_id,
        "nosso_numero": ours,
        "numero_documento": theirs,
        "data_documento": day.isoformat(),
    }


def _cnh(made: Sample, facts: Facts) -> None:
    name, cpf, number = facts.person().upper(), facts.cpf(), facts.driver_number()
    born, issued, first = facts.day(1960, 2000), facts.day(), facts.day(2010, 2020)
    ends, identity = issued + timedelta(days=3650), f"{facts.digits(7)}"
    category, renach = facts.one("A", "B", "AB", "AD", "E"), f"{facts.one('SP', 'RJ', 'MG')}{facts.digits(9)}"
    made.title("REPÚBLICA FEDERATIVA DO BRASIL — CARTEIRA NACIONAL DE HABILITAÇÃO")
    made.row((facts.one("2 e 1 NOME E SOBRENOME", "NOME"), name, 3), ("1ª HABILITAÇÃO", br(first), 1))
    made.row(
        (
            facts.one("3 DATA, LOCAL E UF DE NASCIMENTO", "DATA NASCIMENTO"),
            f"{br(born)}, {facts.one(*CITIES).upper()}, SP",
            1,
        )
    )
    made.row(
        (facts.one("4a DATA EMISSÃO", "DATA EMISSÃO"), br(issued), 1),
        (facts.one("4b VALIDADE", "VALIDADE"), br(ends), 1),
    )
    made.row(
        (
            facts.one("4c DOC IDENTIDADE / ÓRG EMISSOR / UF", "DOC. IDENTIDADE / ÓRG. EMISSOR / UF"),
            f"{identity} SSP SP",
            1,
        )
    )
    made.row(
        (facts.one("4d CPF", "CPF"), cpf, 1.2),
        (facts.one("5 Nº REGISTRO", "Nº REGISTRO"), number, 1.2),
        (facts.one("9 CAT HAB", "CAT. HAB."), category, 1),
    )
    made.row(("FILIAÇÃO", f"{facts.person().upper()}", 1), ("LOCAL", facts.one(*CITIES).upper(), 1))
    made.text(f"ASSINADO DIGITALMENTE — DEPARTAMENTO ESTADUAL DE TRÂNSITO {renach}")
    made.truth = {
        "nome": name,
        "cpf": cpf,
        "registro": number,
        "data_nascimento": born.isoformat(),
        "data_emissao": issued.isoformat(),
        "validade": ends.isoformat(),
        "primeira_habilitacao": first.isoformat(),
        "categoria": category,
        "documento_identidade": identity,
        "renach": renach,
    }


def _rg(made: Sample, facts: Facts) -> None:
    name, mother, cpf = facts.person().upper(), facts.person().upper(), facts.cpf()
    number = f"{facts.digits(2)}.{facts.digits(3)}.{facts.digits(3)}-{facts.digits(1)}"
    born, issued, city = facts.day(1960, 2005), facts.day(2010, 2024), f"{facts.one(*CITIES).upper()} - SP"
    made.title("REPÚBLICA FEDERATIVA DO BRASIL — CARTEIRA DE IDENTIDADE")
    made.row(("REGISTRO GERAL", number, 1), (facts.one("DATA DE EXPEDIÇÃO", "EXPEDIÇÃO"), br(issued), 1))
    made.row(("NOME", name, 1))
    made.row((facts.one("NOME DA MÃE", "FILIAÇÃO"), mother, 1))
    made.row(("NATURALIDADE", city, 1), (facts.one("DATA DE NASCIMENTO", "DATA NASCIMENTO"), br(born), 1))
    made.row(("CPF", cpf, 1), ("DOC. ORIGEM", f"CN LV-A{facts.digits(3)}", 1))
    made.truth = {
        "nome": name,
        "registro_geral": number,
        "cpf": cpf,
        "data_nascimento": born.isoformat(),
        "data_expedicao": issued.isoformat(),
        "naturalidade": city,
        "mae": mother,
    }


def _ctps(made: Sample, facts: Facts) -> None:
    name, cpf, mother, born = (
        facts.person().upper(),
        facts.cpf(),
        facts.person().upper(),
        facts.day(1960, 2005),
    )
    pis = f"{facts.digits(3)}.{facts.digits(5)}.{facts.digits(2)}-{facts.digits(1)}"
    made.title("Carteira de Trabalho Digital")
    made.either(facts.draw, (facts.one("Nome civil", "Nome"), name, 2), ("CPF", cpf, 1))
    made.row(
        (facts.one("Data de nascimento", "Nascimento"), br(born), 1),
        ("Nome da mãe", mother, 2),
        (facts.one("PIS/PASEP", "NIS"), pis, 1),
    )
    jobs = [
        (
            facts.company().split()[0] + " Serviços",
            facts.cnpj(),
            facts.day(2012, 2024),
            facts.one("Auxiliar", "Analista", "Motorista"),
            facts.cents(900_000),
        )
        for _ in range(facts.draw.randint(1, 4))
    ]
    headers = facts.one(
        "Empregador|CNPJ|Admissão|Cargo|Salário", "Empresa|CNPJ|Data de admissão|Ocupação|Remuneração"
    ).split("|")
    made.table(
        headers,
        [[employer, cnpj, br(day), role, reais(cents)] for employer, cnpj, day, role, cents in jobs],
        (2, 1.7, 1.3, 1, 1),
    )
    made.truth = {
        "nome": name,
        "cpf": cpf,
        "data_nascimento": born.isoformat(),
        "mae": mother,
        "pis": "".join(one for one in pis if one.isdigit()),
        "contratos": [
            {
                "empregador": employer,
                "cnpj": cnpj,
                "admissao": day.isoformat(),
                "cargo": role,
                "salario": decimal(cents),
            }
            for employer, cnpj, day, role, cents in jobs
        ],
    }


def _rntrc(made: Sample, facts: Facts) -> None:
    kind = facts.one("ETC", "TAC", "CTC")
    name, document = (facts.person(), facts.cpf()) if kind == "TAC" else (facts.company(), facts.cnpj())
    number, since, until = facts.digits(9), facts.day(2015, 2024), facts.day(2026, 2028)
    state, city, uf = (
        facts.one("Ativo", "Vencido", "Suspenso"),
        facts.one(*CITIES),
        facts.one("SP", "PA", "GO", "SC"),
    )
    made.title("CERTIFICADO DE REGISTRO NACIONAL DE TRANSPORTADORES RODOVIÁRIOS DE CARGAS")
    made.either(
        facts.draw, (facts.one("Transportador", "Nome do transportador"), name, 2), ("CPF/CNPJ", document, 1)
    )
    made.row(
        ("RNTRC", number, 1),
        ("Categoria", kind, 1),
        (facts.one("Situação", "Situação do registro"), state, 1),
    )
    made.row(
        (facts.one("Cadastrado desde", "Data de cadastro"), br(since), 1),
        (facts.one("Validade", "Válido até"), br(until), 1),
        ("Município/UF", f"{city}/{uf}", 1),
    )
    made.truth = {
        "rntrc": number,
        "transportador": name.rstrip("."),
        "documento": document,
        "categoria": kind,
        "situacao": state,
        "validade": until.isoformat(),
        "cadastrado_em": since.isoformat(),
        "municipio": city,
        "uf": uf,
    }


def _statement(made: Sample, facts: Facts) -> None:
    name, cpf, begin = facts.person(), facts.cpf(), facts.day()
    end, before, after = begin + timedelta(days=30), facts.cents(), facts.cents()
    agency, account = facts.digits(4), f"{facts.digits(5)}-{facts.digits(1)}"
    made.title(facts.one("Extrato de conta corrente", "EXTRATO CONSOLIDADO"))
    made.either(facts.draw, (facts.one("Titular", "Nome do cliente"), name, 2), ("CPF/CNPJ", cpf, 1))
    made.either(
        facts.draw,
        (facts.one("Agência", "Ag."), agency, 1),
        (facts.one("Conta corrente", "Conta"), account, 1),
        (facts.one("Período", "Extrato do período"), f"{br(begin)} {facts.one('a', 'até')} {br(end)}", 1.6),
    )
    made.lines((facts.one("Saldo anterior", "Saldo inicial"), f"R$ {reais(before)}"))
    moves = [
        [
            br(begin + timedelta(days=at)),
            facts.one("PIX recebido", "Compra no débito", "Tarifa"),
            reais(facts.cents(90_000)),
        ]
        for at in range(8)
    ]
    made.table(("Data", "Histórico", "Valor"), moves, (1, 3, 1))
    made.lines((facts.one("Saldo final", "Saldo atual"), f"R$ {reais(after)}"))
    made.truth = {
        "titular": name,
        "titular_documento": cpf,
        "agencia": agency,
        "conta": account,
        "periodo_inicio": begin.isoformat(),
        "periodo_fim": end.isoformat(),
        "saldo_inicial": decimal(before),
        "saldo_final": decimal(after),
    }


def _receipt(made: Sample, facts: Facts) -> None:
    number, day, cents = f"{facts.draw.randint(1, 9999)}/2026", facts.day(), facts.cents()
    payer, payer_id, taker, taker_id = facts.person(), facts.cpf(), facts.company(), facts.cnpj()
    about = facts.one("aluguel de novembro", "serviços de pintura", "consultoria contábil")
    if facts.draw.random() < 0.5:
        made.title("RECIBO")
        made.lines(("Recibo nº", number), ("Valor", f"R$ {reais(cents)}"))
        made.text(f"Recebemos de {payer}, CPF {payer_id}, a importância de R$ {reais(cents)}.")
        made.lines(("Referente a", about))
        made.text(f"{facts.one(*CITIES)}, {in_words(day)}.")
        made.lines(("Emitente", taker), ("CPF/CNPJ do emitente", taker_id))
        made.truth = {}
    else:
        due = day + timedelta(days=20)
        made.title("FATURA")
        made.row(
            (facts.one("Fatura nº", "Número da fatura"), number, 1),
            (facts.one("Data de emissão", "Emissão"), br(day), 1),
            ("Vencimento", br(due), 1),
        )
        made.row((facts.one("Cliente", "Sacado"), payer, 2), (facts.one("CPF/CNPJ do cliente"), payer_id, 1))
        made.row(
            (facts.one("Fornecedor", "Prestador"), taker, 2),
            (facts.one("CNPJ do fornecedor", "CNPJ do emitente"), taker_id, 1),
        )
        made.row((facts.one("Referente a", "Descrição"), about, 1))
        made.row((facts.one("Valor total", "Total a pagar"), f"R$ {reais(cents)}", 1))
        made.truth = {"vencimento": due.isoformat()}
    made.truth |= {
        "numero": number,
        "data": day.isoformat(),
        "valor": decimal(cents),
        "pagador_nome": payer,
        "pagador_documento": payer_id,
        "recebedor_nome": taker.rstrip("."),
        "recebedor_documento": taker_id,
        "referente": about,
    }


def _contract(made: Sample, facts: Facts) -> None:
    seller, buyer, seller_id, buyer_id = facts.company(), facts.person(), facts.cnpj(), facts.cpf()
    day, cents = facts.day(), facts.cents()
    title = facts.one("CONTRATO DE PRESTAÇÃO DE SERVIÇOS", "INSTRUMENTO PARTICULAR DE COMPRA E VENDA")
    code = f"{facts.digits(8)}-{facts.digits(4)}-4{facts.digits(3)}"
    made.title(title)
    made.text(f"CONTRATANTE: {buyer}, inscrito no CPF {buyer_id}.")
    made.text(f"CONTRATADA: {seller}, CNPJ {seller_id}.")
    made.text(
        "Cláusula 1ª. As partes ajustam o que segue, nos termos do Código Civil e da Lei 14.063 de 2020."
    )
    made.text(
        f"Cláusula 2ª. Pelo objeto deste instrumento será pago o total de R$ {reais(cents)}, de uma vez."
    )
    made.text(f"{facts.one(*CITIES)}, {in_words(day)}.")
    people = [(buyer, buyer_id), (facts.person(), facts.cpf())]
    made.table(
        (facts.one("Signatário", "Assinado por"), "CPF", "Assinado em"),
        [[name, cpf, br(day)] for name, cpf in people],
        (2, 1, 1),
    )
    made.lines(("Código de verificação", code))
    made.truth = {
        "titulo": title,
        "contratante_nome": buyer,
        "contratante_documento": buyer_id,
        "contratado_nome": seller.rstrip("."),
        "contratado_documento": seller_id,
        "valor": decimal(cents),
        "data": day.isoformat(),
        "codigo_verificacao": code,
        "assinaturas": [{"nome": name, "documento": cpf, "data": day.isoformat()} for name, cpf in people],
    }


_MAKERS: Mapping[int, Callable[[Sample, Facts], None]] = {
    2: _danfe,
    3: _nfce,
    4: _nfse,
    5: _boleto,
    6: _cnh,
    8: _rg,
    9: _rntrc,
    11: _statement,
    12: _receipt,
    13: _contract,
    79: _ctps,
}
TYPES = tuple(_MAKERS)
