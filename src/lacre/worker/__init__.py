"""Keeps promises and does slow work."""
