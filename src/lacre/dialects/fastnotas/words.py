"""Fast Notas' names and ours: states, operations, files and events; total in both directions."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.fiscal import events
from lacre.fiscal.operation import AssetKind, AssetStatus, OperationKind, Status
from lacre.kit.events import Event
from lacre.processing import events as of_processing
from lacre.signing import events as of_signing
from lacre.webhooks import events as of_endpoints

NFSE = "Invoice::Nfse"
NFSE_SCHEMA = "DocumentSchema::Invoice::Nfse::Nacional"
"""As a document shows the type of its schema; theirs names the municipality's system."""
FASTN = "FASTN"
"""Their usual series, which the national layout does not know: sent as `1`."""
FILTERED = "[FILTERED]"
STATUSES: Mapping[Status, str] = {one: one.value for one in Status}
OPERATIONS: Mapping[OperationKind, str] = {one: one.value for one in OperationKind}
ASSETS: Mapping[AssetKind, str] = {
    AssetKind.PRINT: "Asset::Print",
    AssetKind.XML_REQUEST: "Asset::XmlRequest",
    AssetKind.XML_RESPONSE: "Asset::XmlResponse",
}
ASSET_STATUSES: Mapping[AssetStatus, str] = {one: one.value for one in AssetStatus}

DOCUMENT, OPERATION, ASSET = "document", "operation", "asset"
EVENT_TYPES: Mapping[str, str] = {
    events.INVOICE_PROCESSING: "document_processing",
    events.INVOICE_WAITING: "document_waiting",
    events.INVOICE_ISSUED: "document_success",
    events.INVOICE_CANCELED: "document_canceled",
    events.INVOICE_FAILED: "document_error",
    events.INVOICE_REJECTED: "document_rejected",
    events.OPERATION_PROCESSING: "operation_processing",
    events.OPERATION_WAITING: "operation_waiting",
    events.OPERATION_SUCCEEDED: "operation_success",
    events.OPERATION_FAILED: "operation_error",
    events.OPERATION_REJECTED: "operation_rejected",
    events.ASSET_AVAILABLE: "asset_avaliable",  # sic
}
"""Every event of fiscal has a word."""
SILENCES: Mapping[str, str] = {
    **dict.fromkeys(of_signing.ALL, "documents are not signed there"),
    **dict.fromkeys(of_processing.ALL, "documents are not read there"),
    **dict.fromkeys(of_endpoints.ALL, "no such event there"),
}
"""Events that are not told, and why."""
SAMPLES: Mapping[str, str] = {said: kind for kind, said in EVENT_TYPES.items()}


def event_type(event: Event) -> str | None:
    """What it is called there; `None` when it is not told at all."""
    return EVENT_TYPES.get(event.type)


def subject(said: str) -> str:
    """Under which key `data` names what it is about."""
    return said.partition("_")[0]


def series_of(serie: str) -> str:
    """The digits that are sent for a series as it is shown."""
    return "1" if serie.upper() == FASTN else serie
