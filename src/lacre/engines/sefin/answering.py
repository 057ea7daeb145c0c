"""Which path is whose, and the JSON that is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cryptography import x509

from lacre.engines.nfse.certificate import same_root, tax_id_of
from lacre.engines.nfse.exchange import packed, unpacked
from lacre.engines.nfse.form import moment
from lacre.engines.nfse.letters import KEY
from lacre.engines.sefin.issuing import APPLICATION
from lacre.engines.sefin.judging import Complaint, Done, Judge, Turned
from lacre.engines.sefin.ledger import IssuedNote

_MOVED = {"mensagem": "Este serviço mudou para o ADN."}


@dataclass(frozen=True, kw_only=True)
class Asked:
    method: str
    path: str
    body: bytes
    holder: x509.Certificate
    """Of the certificate that it came with."""


@dataclass(frozen=True, kw_only=True)
class Said:
    status: int
    content: Mapping[str, object] | None = None
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return b"" if self.content is None else json.dumps(self.content, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    doing: str
    """What faults call it."""
    answer: Callable[[Desk, Asked, re.Match[str]], Said]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where requests come in."""

    judge: Judge

    def route(self, method: str, path: str) -> tuple[Route, re.Match[str]] | None:
        for route in ROUTES:
            found = route.path.fullmatch(path)
            if found and route.method == method:
                return route, found
        return None

    def document_in(self, asked: Asked) -> bytes | None:
        """What came packed in the body's JSON."""
        try:
            told = json.loads(asked.body)
        except ValueError:
            return None
        known = ("dpsXmlGZipB64", "pedidoRegistroEventoXmlGZipB64")
        return next((unpacked(told[name]) for name in known if name in told), None) if told else None

    def turned(self, turned: Turned, *, many: bool = True) -> Said:
        errors = [
            {"Codigo": one.code, "Descricao": one.text, **({"Complemento": one.about} if one.about else {})}
            for one in turned.complaints
        ]
        told = {"erros": errors} if many else {"erro": errors[0]}
        about = {"idDPS": turned.about} if many else {}
        return Said(status=400, content={**self.stamped(), **about, **told}, about=turned.about)

    def stamped(self) -> dict[str, object]:
        now: datetime = self.judge.clock()
        return {
            "tipoAmbiente": int(self.judge.environment),
            "versaoAplicativo": APPLICATION,
            "dataHoraProcessamento": moment(now),
        }


_UNREADABLE = Turned(complaints=[Complaint(code="E1235", about="O conteúdo não é GZip em Base64.")])


def _issue(desk: Desk, asked: Asked, _found: re.Match[str]) -> Said:
    xml = desk.document_in(asked)
    judged = desk.judge.issue(xml, asked.holder) if xml else _UNREADABLE
    match judged:
        case Turned():
            return desk.turned(judged)
        case Done(xml=note, key=key, about=dps_id):
            told = {"idDps": dps_id, "chaveAcesso": key, "nfseXmlGZipB64": packed(note), "alertas": None}
            return Said(status=201, content={**desk.stamped(), **told}, about=dps_id)


def _note(desk: Desk, asked: Asked, found: re.Match[str]) -> Said:
    note = desk.judge.ledger.by_key(found["key"])
    if note is None:
        return _missing(desk)
    if not _is_party(asked, note):
        return Said(status=403)
    told = {"chaveAcesso": note.key, "nfseXmlGZipB64": packed(note.xml)}
    return Said(status=200, content={**desk.stamped(), **told}, about=note.dps_id)


def _is_issued(desk: Desk, _asked: Asked, found: re.Match[str]) -> Said:
    """Anybody with a certificate may ask."""
    return Said(status=200 if desk.judge.ledger.by_dps(found["dps"]) else 404, about=found["dps"])


def _key(desk: Desk, asked: Asked, found: re.Match[str]) -> Said:
    """The key is for the parties of the note."""
    note = desk.judge.ledger.by_dps(found["dps"])
    if note is None:
        return _missing(desk)
    if not _is_party(asked, note):
        return Said(status=403)
    told = {"idDps": note.dps_id, "chaveAcesso": note.key}
    return Said(status=200, content={**desk.stamped(), **told}, about=note.dps_id)


def _register(desk: Desk, asked: Asked, found: re.Match[str]) -> Said:
    xml = desk.document_in(asked)
    judged = desk.judge.register(xml, found["key"]) if xml else _UNREADABLE
    match judged:
        case Turned():
            return desk.turned(judged, many=False)
        case Done(xml=event, about=about):
            return Said(
                status=201, content={**desk.stamped(), "eventoXmlGZipB64": packed(event)}, about=about
            )


def _event(desk: Desk, asked: Asked, found: re.Match[str]) -> Said:
    note, event = desk.judge.ledger.by_key(found["key"]), desk.judge.ledger.event(found["key"], found["kind"])
    if note is None or event is None:
        return _missing(desk)
    if not _is_party(asked, note):
        return Said(status=403)
    return Said(status=200, content={**desk.stamped(), "eventoXmlGZipB64": packed(event)}, about=note.dps_id)


def _events(desk: Desk, _asked: Asked, found: re.Match[str]) -> Said:
    events = desk.judge.ledger.events(found["key"])
    told = [{"eventoXmlGZipB64": packed(event)} for event in events]
    return Said(status=200, content={**desk.stamped(), "eventos": told}) if told else _missing(desk)


def _agreement(desk: Desk, _asked: Asked, found: re.Match[str]) -> Said:
    cities, code = desk.judge.cities, found["city"]
    if not cities.takes_part(code):
        why = f"O convênio do município <{cities.name(code) or code}> ainda não está ativo."
        return Said(status=404, content={"parametrosConvenio": None, "mensagem": why})
    told = {
        "aderenteAmbienteNacional": 1,
        "aderenteEmissorNacional": int(cities.issues_nationally(code)),
        "situacaoEmissaoPadraoContribuintesRFB": 1,
        "aderenteMAN": 0,
        "permiteAproveitametoDeCreditos": True,
    }
    return Said(
        status=200,
        content={"parametrosConvenio": told, "mensagem": "Parâmetros do convênio recuperados com sucesso."},
    )


def _rate(desk: Desk, _asked: Asked, found: re.Match[str]) -> Said:
    """Only of the writing with points; only where the municipality takes part."""
    dotted = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d\d)\.(\d{3})", found["service"])
    if dotted is None:
        why = "Chamada mal formada. O código do serviço deve ser composto por nove dígitos."
        return Said(status=400, content={"aliquotas": None, "mensagem": why})
    code, cities = "".join(dotted.groups()[:3]), desk.judge.cities
    if not cities.takes_part(found["city"]) or not cities.administers(code):
        return Said(status=404, content={"aliquotas": None, "mensagem": "Nenhuma alíquota encontrada."})
    percent: Decimal = cities.rate(found["city"], code)
    row = {"Incidencia": "SIM", "Aliq": float(percent), "DtIni": "2023-01-02T00:00:00", "DtFim": None}
    return Said(
        status=200,
        content={"aliquotas": {found["service"]: [row]}, "mensagem": "Alíquotas recuperadas com sucesso."},
    )


def _moved(_desk: Desk, _asked: Asked, _found: re.Match[str]) -> Said:
    return Said(status=501, content=_MOVED)


def _missing(desk: Desk) -> Said:
    told = {"erro": {"codigo": "E2220", "descricao": "Documento não encontrado."}}
    return Said(status=404, content={**desk.stamped(), **told})


def _is_party(asked: Asked, note: IssuedNote) -> bool:
    holder = tax_id_of(asked.holder)
    return any(party and same_root(holder, party) for party in (note.issuer, note.customer))


def _at(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_S, _K = "/SefinNacional", f"(?P<key>{KEY})"
_D = rf"{_S}/dps/(?P<dps>DPS[0-9]{{7}}[0-9A-Z]{{15}}[0-9]{{20}})"
_P = r"/parametrizacao/(?P<city>\d{7})"
ROUTES = (
    Route("POST", _at(f"{_S}/nfse"), "issue", _issue),
    Route("GET", _at(f"{_S}/nfse/{_K}"), "look_up", _note),
    Route("HEAD", _at(_D), "look_up", _is_issued),
    Route("GET", _at(_D), "look_up", _key),
    Route("POST", _at(f"{_S}/nfse/{_K}/eventos"), "cancel", _register),
    Route("GET", _at(rf"{_S}/nfse/{_K}/eventos/(?P<kind>\d{{6}})(/\d+)?"), "look_up", _event),
    Route("GET", _at(f"{_S}/nfse/{_K}/eventos"), "look_up", _events),
    Route("GET", _at(rf"{_S}/(DANFSe|ParametrosMunicipais)(/.*)?"), "look_up", _moved),
    Route("GET", _at(f"{_P}/convenio"), "parameters", _agreement),
    Route("GET", _at(rf"{_P}/(?P<service>[\d.]+)/\d{{4}}-\d\d-\d\d/aliquota"), "parameters", _rate),
)
