"""Fast Notas: service invoices, as clients written for it ask for them."""
