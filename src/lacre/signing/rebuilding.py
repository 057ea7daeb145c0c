"""Whether the sealed files of an envelope are being built again."""

from __future__ import annotations

from lacre.signing.envelope import Envelope


def is_rebuilding(envelope: Envelope) -> bool:
    """Those that there are belong to an earlier structure: the seal job has yet to begin them anew."""
    first = envelope.documents[0]
    return first.sealed is not None and first.sealed_structure != envelope.structure
