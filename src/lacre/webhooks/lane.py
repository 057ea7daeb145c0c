"""In which order an endpoint wants to be told: its deliveries stand in lanes, where only the first goes."""

from __future__ import annotations

from enum import StrEnum

from lacre.kit.ids import EndpointId


class Ordering(StrEnum):
    NONE = "none"
    """Many at once, as quickly as they are taken."""
    ENDPOINT = "endpoint"
    """One after the other: the next goes once the one before was delivered or given up."""
    SUBJECT = "subject"
    """The same within each envelope, document or invoice; between them, many at once."""


def lane_of(endpoint_id: EndpointId, ordering: Ordering, subject_id: str) -> str | None:
    """Where a delivery about this subject stands; nowhere when no order is asked for."""
    if ordering is Ordering.ENDPOINT:
        return endpoint_id
    return f"{endpoint_id} {subject_id}" if ordering is Ordering.SUBJECT else None
