"""Word documents: judged, filled, and made PDF."""
