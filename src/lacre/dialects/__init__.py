"""The same product in each vendor's words; one folder is one vendor we stand in for."""
