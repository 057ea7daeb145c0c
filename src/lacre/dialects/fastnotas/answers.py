"""Files as answers."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response, StreamingResponse

from lacre.fiscal.invoice import Invoice
from lacre.fiscal.operation import Asset, AssetKind
from lacre.kit.refusal import NotFound
from lacre.services import Services

MEDIA: Mapping[AssetKind, tuple[str, str]] = {
    AssetKind.PRINT: ("application/pdf", "pdf"),
    AssetKind.XML_REQUEST: ("application/xml", "xml"),
    AssetKind.XML_RESPONSE: ("application/xml", "xml"),
}
JSON = ("application/json", "json")


def download(services: Services, asset: Asset, invoice: Invoice) -> Response:
    if asset.digest is None:
        raise NotFound("file")
    media, ending = _media(services, asset)
    name = f"{asset.kind.value}-{invoice.serie}-{invoice.sequence or 0}.{ending}"
    headers = {
        "content-disposition": f'inline; filename="{_plain(name)}"',
        "content-length": str(services.invoice_files.size(asset.digest)),
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(services.invoice_files.stream(asset.digest), headers=headers, media_type=media)


def _media(services: Services, asset: Asset) -> tuple[str, str]:
    """What the tax office answered to what it rejected is JSON."""
    answer = asset.digest if asset.kind is AssetKind.XML_RESPONSE else None
    if answer is not None and services.invoice_files.read_at(answer, 0, 1) == b"{":
        return JSON
    return MEDIA[asset.kind]


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
