"""What our webhooks promise unless their owner chose otherwise: Standard Webhooks' schedule and rules."""

from __future__ import annotations

from lacre.webhooks.promise import PRESETS, Preset

DEFAULT = Preset.STANDARD
PROMISE = PRESETS[DEFAULT]
