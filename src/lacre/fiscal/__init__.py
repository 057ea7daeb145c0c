"""Service invoices: who issues, to whom, for what, and what became of it. Pure: no I/O, no clock."""
