"""ArqSIGN's API and webhooks: what their clients send and expect, over our actions."""
