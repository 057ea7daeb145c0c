"""Check any PDF: who signed it, over what, and whether it changed since."""
