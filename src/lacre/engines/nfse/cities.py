"""Names of municipalities by IBGE's code, from the table that ships with what draws the DANFSe."""

from __future__ import annotations


def city_name(code: str) -> str:
    """Empty of a code that IBGE does not have."""
    return _found(code)[0]


def state_of(code: str) -> str:
    """Two letters."""
    return _found(code)[1]


def _found(code: str) -> tuple[str, str]:
    from brazilfiscalreport.danfse.danfse import municipio_ibge  # noqa: PLC0415 - imports a PDF library

    name, state = municipio_ibge(code)
    return str(name), str(state)
