"""How examples are tried that a machine thinks of."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no reason to fail: as Hypothesis itself has it where `CI` is set."""
