"""The national system as the settings have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from lacre.engines.http import HttpEngine
from lacre.engines.http.address import Network
from lacre.engines.nfse.algorithm import Algorithm
from lacre.engines.nfse.certificate import A1Certificates
from lacre.engines.nfse.municipalities import AdnMunicipalities
from lacre.engines.nfse.office import NationalOffice
from lacre.engines.nfse.places import Place, Places, sandbox_at
from lacre.engines.nfse.printing import DanfsePrinter
from lacre.engines.running import Run
from lacre.settings import Settings


@dataclass(frozen=True, kw_only=True)
class NationalSystem:
    office: NationalOffice
    municipalities: AdnMunicipalities
    printer: DanfsePrinter
    reader: A1Certificates
    _http: HttpEngine[None]

    def close(self) -> None:
        self._http.close()


def open_national_system(settings: Settings, clock: Callable[[], datetime], run: Run) -> NationalSystem:
    """`run` opens certificates in a child."""
    http: HttpEngine[None] = HttpEngine(
        [*settings.egress_networks, *_sandbox_networks(settings)],
        proxy=settings.egress_proxy.get_secret_value(),
    )
    places = Places(
        production=settings.nfse_production,
        sandbox=_sandbox(settings),
        ca_pem=_content(settings.nfse_ca),
    )
    return NationalSystem(
        office=NationalOffice(places, http, algorithm=Algorithm(settings.nfse_signature)),
        municipalities=AdnMunicipalities(places, http, clock),
        printer=DanfsePrinter(),
        reader=A1Certificates(run),
        _http=http,
    )


def _sandbox(settings: Settings) -> Place | None:
    url = settings.nfse_sandbox_url
    return sandbox_at(url, _content(settings.nfse_sandbox_ca)) if url else None


def _sandbox_networks(settings: Settings) -> list[Network]:
    """An operator who names an address means it: nobody else can choose where this engine goes."""
    host = urlsplit(settings.nfse_sandbox_url).hostname or ""
    try:
        return [ip_network(ip_address(host))]
    except ValueError:
        return []


def _content(file: Path | None) -> bytes | None:
    return None if file is None else file.read_bytes()
