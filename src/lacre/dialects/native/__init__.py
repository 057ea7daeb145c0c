"""Our own API and our own webhooks: a dialect like any other, without privileges."""
