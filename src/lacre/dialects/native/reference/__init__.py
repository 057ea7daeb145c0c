"""The page that documents our API, set from its own OpenAPI document; nothing in it comes from elsewhere."""
