"""Promises to tell others. Pure: no I/O, no clock."""
