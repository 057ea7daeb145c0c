"""Where the national system is, by environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lacre.fiscal.note import Environment


@dataclass(frozen=True, kw_only=True)
class Place:
    sefin: str
    """What `/nfse` and `/dps` come after. Case matters there."""
    adn: str
    """What `/parametrizacao` comes after."""
    ca_pem: bytes | None = field(default=None, repr=False)
    """Who its certificate may be signed by; None: the system's authorities."""


TEST = Place(
    sefin="https://sefin.producaorestrita.nfse.gov.br/SefinNacional",
    adn="https://adn.producaorestrita.nfse.gov.br",
)
PRODUCTION = Place(sefin="https://sefin.nfse.gov.br/SefinNacional", adn="https://adn.nfse.gov.br")


class Places:
    """Those that this installation may speak to. Test always; the others when its operator says so."""

    def __init__(
        self, *, production: bool = False, sandbox: Place | None = None, ca_pem: bytes | None = None
    ) -> None:
        government = {Environment.TEST: _trusting(TEST, ca_pem)}
        if production:
            government[Environment.PRODUCTION] = _trusting(PRODUCTION, ca_pem)
        self._known: Mapping[Environment, Place] = (
            government if sandbox is None else {**government, Environment.SANDBOX: sandbox}
        )

    def get(self, environment: Environment) -> Place | None:
        return self._known.get(environment)


def sandbox_at(url: str, ca_pem: bytes | None) -> Place:
    """A Sefin of our own, which is both."""
    return Place(sefin=f"{url.rstrip('/')}/SefinNacional", adn=url.rstrip("/"), ca_pem=ca_pem)


def _trusting(place: Place, ca_pem: bytes | None) -> Place:
    return Place(sefin=place.sefin, adn=place.adn, ca_pem=ca_pem)
