"""The front door for PDFs: what can be signed comes in, repaired if need be; what cannot is told why."""
