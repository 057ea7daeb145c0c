"""Who owns what: accounts, users and their API keys."""
