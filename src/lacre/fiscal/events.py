"""What happens to invoices. Facts: `invoice`, its snapshot; `operation_id` or `asset_id` if one is meant."""

from __future__ import annotations

INVOICE_PROCESSING = "fiscal.invoice_processing"
INVOICE_WAITING = "fiscal.invoice_waiting"
"""The tax office did not answer, or did not say what became of it."""
INVOICE_ISSUED = "fiscal.invoice_issued"
INVOICE_CANCELED = "fiscal.invoice_canceled"
INVOICE_FAILED = "fiscal.invoice_failed"
"""Not by what it says: the certificate was not taken, or nobody could be reached for days."""
INVOICE_REJECTED = "fiscal.invoice_rejected"
OPERATION_PROCESSING = "fiscal.operation_processing"
OPERATION_WAITING = "fiscal.operation_waiting"
OPERATION_SUCCEEDED = "fiscal.operation_succeeded"
OPERATION_FAILED = "fiscal.operation_failed"
OPERATION_REJECTED = "fiscal.operation_rejected"
ASSET_AVAILABLE = "fiscal.asset_available"

ALL = frozenset(value for name, value in dict(globals()).items() if name.isupper() and isinstance(value, str))
