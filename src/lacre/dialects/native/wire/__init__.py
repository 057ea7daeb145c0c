"""The JSON of our own API as types; no behaviour beyond what a value may be."""
