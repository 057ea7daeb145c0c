"""A document in, its text and fields out."""
