"""What happens in processing. Facts: `extraction`, its snapshot."""

from __future__ import annotations

DOCUMENT_RECEIVED = "processing.document_received"
DOCUMENT_PROCESSED = "processing.document_processed"
"""Also told again, when a person corrected a value: then `corrected` names the field."""
DOCUMENT_FAILED = "processing.document_failed"

ALL = frozenset(value for name, value in dict(globals()).items() if name.isupper() and isinstance(value, str))
