"""Lacre: documents sent, signed, read and issued, and the systems that must know told without fail."""
