"""ZapSign's public API, its webhooks and its words, over our signing."""
