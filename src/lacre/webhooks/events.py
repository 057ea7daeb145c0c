"""What happens to endpoints themselves, told to the account's other ones; the subject is the endpoint.

Facts: `endpoint_id`, `host`, `since`, `failures`, `last_status_code`, `last_reason`.
"""

from __future__ import annotations

ENDPOINT_FAILING = "webhooks.endpoint_failing"
ENDPOINT_PAUSED = "webhooks.endpoint_paused"
"""By us: it failed too long, or asked never to be told again."""
ENDPOINT_RECOVERED = "webhooks.endpoint_recovered"

ALL = frozenset(value for name, value in dict(globals()).items() if name.isupper() and isinstance(value, str))
