"""Reads files: born-digital text as it is, scans by models, page by page in child processes."""
