"""How the schema came to be, step by step; `tables.py` says what it is now."""
