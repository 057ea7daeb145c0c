"""Alerts and errors of the Sefin, and what to do about the usual ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lacre.engines.nfse.exchange import lowered
from lacre.fiscal.ports import Finding

DUPLICATE = "E0014"
"""This series and number were used: by this very declaration, or by another."""
CANCELLED_BEFORE = frozenset({"E0840", "E0845", "E0802"})
"""An event is bound to the note that leaves no room for this one: perhaps this very one."""


def errors_in(answer: Mapping[str, object]) -> tuple[Finding, ...]:
    """`erros` where documents are sent, `erro` everywhere else."""
    return (*_findings(answer.get("erros")), *_findings(answer.get("erro")))


def alerts_in(answer: Mapping[str, object]) -> tuple[Finding, ...]:
    return tuple(_findings(answer.get("alertas")))


def _findings(told: object) -> Iterator[Finding]:
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            yield _finding(lowered(one))


def _finding(told: Mapping[str, object]) -> Finding:
    code = _text(told.get("codigo"))
    words = (_text(told.get("descricao")) or _text(told.get("mensagem")), _text(told.get("complemento")))
    return Finding(code=code, text=" - ".join(filter(None, words)), remedy=REMEDIES.get(code, ""))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


REMEDIES: Mapping[str, str] = {
    "E0004": "Confira o município e o CNPJ ou CPF da empresa: o identificador da DPS é feito deles.",
    "E0006": "A empresa está configurada para o outro ambiente (testes ou produção).",
    "E0008": "O relógio desta instalação está adiantado: sincronize-o (NTP) e emita de novo.",
    "E0010": "Use uma série de 1 a 49999: as outras são dos emissores do governo.",
    "E0014": "Este número já foi usado nesta série, talvez por outro sistema: ajuste a sequência da empresa.",
    "E0015": "A data de competência não pode ser depois da emissão.",
    "E0016": "O município aderiu depois desta data de competência: use uma data mais recente.",
    "E0037": "O município não participa do sistema nacional: a nota é emitida no sistema dele.",
    "E0038": "O convênio do município não está ativo: a nota é emitida no sistema dele.",
    "E0041": "Para MEI, o município emissor é o do endereço no CNPJ: corrija o da empresa.",
    "E0042": "Confira os 50 dígitos da chave da nota substituída, e que ela é desta empresa.",
    "E0044": "A nota a substituir não existe neste ambiente.",
    "E0046": "A nota a substituir já foi cancelada: emita uma nota nova, sem substituição.",
    "E0078": "Diga o motivo da substituição em pelo menos 15 letras.",
    "E0080": "Corrija o CNPJ da empresa.",
    "E0082": "O CNPJ da empresa não constava do cadastro nesta data de competência.",
    "E0084": "O município da empresa não é o do seu CNPJ nem o do cadastro municipal.",
    "E0116": "O município exige a inscrição municipal da empresa: preencha-a.",
    "E0119": "Peça ao município que autorize esta inscrição municipal a emitir.",
    "E0120": "Deixe em branco a inscrição municipal: o município não a cadastrou no sistema nacional.",
    "E0121": "Não envie o nome do prestador: o sistema nacional o conhece.",
    "E0128": "Não envie o endereço do prestador: o sistema nacional o conhece.",
    "E0160": "Corrija a opção da empresa pelo Simples Nacional nesta competência.",
    "E0162": "Só ME/EPP informa o regime de apuração do Simples.",
    "E0166": "Informe o regime de apuração do Simples (1, 2 ou 3).",
    "E0188": "Corrija o CNPJ do cliente.",
    "E0190": "O CNPJ do cliente não existe no cadastro: confira-o com o cliente.",
    "E0202": "O cliente não pode ser a própria empresa, nem uma filial dela.",
    "E0204": "Quem retém o ISS precisa de CNPJ ou CPF: identifique o cliente.",
    "E0206": "Corrija o CPF do cliente.",
    "E0207": "O CPF do cliente não existe no cadastro: confira-o com o cliente.",
    "E0223": "Quem está no exterior tem NIF, ou um motivo para não ter; não CPF nem CNPJ.",
    "E0226": "Informe o NIF do cliente, ou por que não há: 1 dispensado, 2 não exigido.",
    "E0237": "Quem retém o ISS precisa de endereço no Brasil: complete o do cliente.",
    "E0238": "Corrija o código do município no endereço do cliente (IBGE).",
    "E0240": "O CEP do cliente não é do município dele: corrija um dos dois.",
    "E0242": "Cliente com NIF precisa de endereço no exterior: informe-o inteiro.",
    "E0247": "Corrija o e-mail do cliente.",
    "E0286": "Informe o NIF do intermediário, ou por que não há: 1 dispensado, 2 não exigido.",
    "E0293": "Quem retém o ISS precisa de endereço no Brasil: complete o do intermediário.",
    "E0298": "Intermediário com NIF precisa de endereço no exterior: informe-o inteiro.",
    "E0302": "Corrija o código do município em que o serviço foi prestado (IBGE).",
    "E0310": "Escolha um código de tributação nacional que o município administre nesta data.",
    "E0314": "Escolha um código de tributação municipal do município de incidência, ou deixe-o em branco.",
    "E0316": "Corrija o código NBS.",
    "E0318": "Informe o código NBS: a exportação o exige.",
    "E0322": "Informe o código NBS: o grupo de IBS e CBS o exige.",
    "E0330": "Preencha as informações de comércio exterior.",
    "E0333": "Informe o modo de prestação: 1 a 4.",
    "E0341": "Informe o mecanismo de apoio ao prestador; 01 é nenhum.",
    "E0343": "Informe o mecanismo de apoio ao cliente; 01 é nenhum.",
    "E0345": "Informe se há movimentação temporária de bens: 1 não, 2 com importação, 3 com exportação.",
    "E0352": "Informe o número da declaração de importação dos bens.",
    "E0354": "Sem movimentação de bens não há declaração: deixe-a em branco.",
    "E0356": "Informe o número do registro de exportação dos bens.",
    "E0370": "Este serviço é feito em obra: informe qual (CNO, CIB ou endereço).",
    "E0372": "Este serviço não é feito em obra: retire-a, ou corrija o código do serviço.",
    "E0380": "O CEP da obra não é do município em que o serviço foi prestado: corrija um dos dois.",
    "E0382": "Obra no exterior tem cidade e região, não CEP.",
    "E0384": "Obra no exterior tem cidade e região; no Brasil, fica onde o serviço foi prestado.",
    "E0386": "Obra no Brasil tem CEP; cidade e região são só do exterior.",
    "E0390": "Serviços do item 12 são de um evento: informe qual.",
    "E0392": "Só serviços do item 12 são de um evento: retire-o, ou corrija o código do serviço.",
    "E0398": "O CEP do evento não é do município em que o serviço foi prestado: corrija um dos dois.",
    "E0400": "Evento no exterior tem cidade e região, não CEP.",
    "E0402": "Evento no exterior tem cidade e região; no Brasil, fica onde o serviço foi prestado.",
    "E0404": "Evento no Brasil tem CEP; cidade e região são só do exterior.",
    "E0427": "Descontos e deduções somam mais do que o serviço.",
    "E0428": "Descontos e retenções somam mais do que o serviço.",
    "E0431": "O desconto incondicionado precisa ser maior que zero e menor que o serviço.",
    "E0432": "O desconto condicionado precisa ser maior que zero e menor que o serviço.",
    "E0435": "Sem operação tributável não há dedução: deixe-a em branco.",
    "E0436": "MEI não informa dedução.",
    "E0437": "Com o ISS suspenso não há dedução: deixe-a em branco.",
    "E0438": "Empresa com regime especial não informa dedução.",
    "E0440": "O município não admite esta dedução para este serviço.",
    "E0441": "ME/EPP que apura pelo Simples só deduz em alguns serviços: deixe a dedução em branco.",
    "E0442": "ME/EPP que apura pelo Simples só deduz nos serviços 06.01, 06.02, 07.02 e 07.05.",
    "E0446": "O município não admite esta dedução em valor: informe-a em percentual ou por documentos.",
    "E0449": "O município não admite esta dedução por documentos: informe-a em valor ou em percentual.",
    "E0453": "A dedução em percentual é maior que 0 e de no máximo 100%.",
    "E0454": "O município não admite esta dedução em percentual: informe-a em valor ou por documentos.",
    "E0455": "Confira os 50 dígitos da chave da NFS-e deduzida.",
    "E0456": "A NFS-e deduzida não existe neste ambiente: confira a chave.",
    "E0458": "A NFS-e deduzida foi cancelada: retire-a.",
    "E0460": "Confira os 44 dígitos da chave da NF-e deduzida.",
    "E0468": "Descreva a dedução do tipo 99.",
    "E0470": "Só a dedução do tipo 99 é descrita: retire a descrição.",
    "E0472": "O documento deduzido não pode ser depois da competência da nota.",
    "E0474": "Não se deduz mais do que o documento permite.",
    "E0476": "Não se deduz mais do que o valor do serviço.",
    "E0477": "Identifique o fornecedor: só as chaves de NFS-e e de NF-e o dispensam.",
    "E0490": "Informe o NIF do fornecedor, ou por que não há: 1 dispensado, 2 não exigido.",
    "E0492": "Informe o endereço inteiro do fornecedor.",
    "E0533": "Só operação tributável tem benefício municipal.",
    "E0534": "MEI não tem benefício municipal.",
    "E0535": "Empresa com regime especial não tem benefício municipal.",
    "E0538": "Com o ISS suspenso não há benefício municipal.",
    "E0541": "O município não tem este benefício: confira os 14 dígitos do número.",
    "E0544": "O benefício do município não vale nesta data de competência.",
    "E0550": "O benefício do município não é deste serviço, ou não é desta empresa.",
    "E0580": "Sem operação tributável não há retenção de ISS.",
    "E0583": "MEI não tem ISS retido.",
    "E0585": "Só operação tributável tem o ISS suspenso.",
    "E0588": "Empresa com regime especial não tem ISS retido.",
    "E0589": "Com o ISS suspenso não há retenção.",
    "E0592": "Informe o tipo de imunidade, e só quando a operação é imune.",
    "E0595": "A alíquota do ISS é de no máximo 5%.",
    "E0600": "MEI não informa a alíquota do ISS: deixe-a em branco.",
    "E0602": "Sem operação tributável não há alíquota: deixe-a em branco.",
    "E0606": "Com o ISS suspenso não se informa a alíquota.",
    "E0617": "Deixe a alíquota em branco: o município a parametrizou no sistema nacional.",
    "E0619": "Informe a alíquota do ISS: o município não a parametrizou.",
    "E0621": "Com ISS retido, informe a alíquota do Simples da empresa (mínimo 1,8%).",
    "E0625": "Deixe a alíquota em branco: sem retenção, o ISS sai no DAS.",
    "E0628": "Com ISS retido, informe a alíquota do Simples da empresa (mínimo 1,8%).",
    "E0631": "Deixe a alíquota em branco: sem retenção, o ISS sai no DAS.",
    "E0635": "Deixe a alíquota em branco: o município a parametrizou no sistema nacional.",
    "E0640": "Informe a alíquota do ISS: o município não a parametrizou.",
    "E0675": "Pessoa física não informa tributos federais.",
    "E0676": "MEI não informa tributos federais.",
    "E0678": "Com este CST informe a base e as alíquotas do PIS e da COFINS.",
    "E0682": "Os CST 00, 08 e 09 não têm base: deixe-a em branco.",
    "E0688": "Com os CST 04 e 06 as alíquotas do PIS e da COFINS são zero.",
    "E0694": "O PIS não é a base vezes a alíquota: recalcule-o.",
    "E0696": "A COFINS não é a base vezes a alíquota: recalcule-a.",
    "E0698": "Informe quem retém PIS, COFINS e CSLL: 0 ninguém, 1 a 9 conforme o leiaute.",
    "E0712": "ME/EPP informa os tributos totais em valor, em percentual, ou o percentual do Simples.",
    "E0713": "Fora do Simples, informe os tributos totais em valor ou em percentual.",
    "E0714": "A assinatura não confere: experimente o outro algoritmo (LACRE_NFSE_SIGNATURE).",
    "E0715": "O certificado venceu, foi revogado ou não leva à ICP-Brasil: envie outro.",
    "E0716": "O certificado não é um e-CNPJ ou e-CPF tipo A: envie outro.",
    "E0717": "A DPS chegou sem assinatura: envie de novo o certificado da empresa.",
    "E0718": "O certificado não é desta empresa: envie o dela.",
    "E0812": "O certificado não é de quem pede o cancelamento: envie o da empresa.",
    "E0813": "Só quem emitiu a nota pode cancelá-la.",
    "E0822": "O prazo do município para cancelar passou: peça a análise fiscal no portal nacional.",
    "E0823": "Acima deste valor, o município só cancela com análise fiscal no portal nacional.",
    "E0824": "O município não cancela nota sem cliente identificado.",
    "E0827": "O tributo desta nota já foi recolhido: procure o município.",
    "E0831": "Esta nota foi emitida no sistema do município: cancele-a lá.",
    "E0840": "A nota já foi cancelada ou substituída, ou o cancelamento está bloqueado.",
    "E0845": "A nota já foi cancelada ou substituída, ou o cancelamento está bloqueado.",
    "E1235": "O XML não segue o esquema do sistema nacional: atualize o Lacre, ou avise-nos.",
    "E1831": "Esta nota não existe neste ambiente.",
    "E1980": "A assinatura não confere: experimente o outro algoritmo (LACRE_NFSE_SIGNATURE).",
    "E9996": "O sistema nacional ainda não aceita notas emitidas pelo tomador.",
}
"""What to do, in words for who issues; the codes are those of ANEXO I and II of the national layout."""
