"""LibreOffice as a machine that turns text documents into PDF."""
