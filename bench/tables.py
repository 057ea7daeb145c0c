"""Results as tables that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = Mapping[str, float]

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "seal": {
        "floor_ms": "floor ms",
        "lacre_ms": "Lacre ms",
        "sandboxed_ms": "in its child ms",
        "stock_ms": "pyHanko ms",
        "ratio": "Lacre / floor",
        "stock_ratio": "pyHanko / floor",
        "memory_mb": "memory +MB",
    },
    "api": {
        "per_s": "envelopes /s",
        "cpu_ms": "CPU ms each",
        "admit_cpu_ms": "admission ms",
        "healthz_cpu_ms": "/healthz ms",
        "floor_cpu_ms": "floor ms",
        "ratio": "Lacre / floor",
        "healthz_per_s": "/healthz /s",
    },
    "deliveries": {
        "per_s": "per second",
        "cpu_us": "CPU us each",
        "server_us": "servers' us",
        "ratio": "of the bare rate",
        "sqlite_times": "SQLite is x",
        "postgresql_times": "PostgreSQL is x",
        "statements": "SQL, full queue",
        "statements_paced": "SQL at 50/s",
    },
    "docx": {
        "kept_ms": "kept ms",
        "kept_cpu_ms": "kept CPU ms",
        "fresh_ms": "fresh ms",
        "fresh_cpu_ms": "fresh CPU ms",
        "ratio": "fresh / kept",
        "memory_mb": "memory MB",
    },
    "fiscal": {
        "per_s": "notes /s",
        "build_ms": "built ms",
        "sign_ms": "signed ms",
        "exchange_ms": "exchanged ms",
        "answered_ms": "answered ms",
        "told_ms": "told ms",
        "filed_ms": "all files told ms",
        "cpu_ms": "our CPU ms",
        "sefin_cpu_ms": "Sefin's CPU ms",
        "ours_percent": "of it ours %",
    },
    "fields": {
        "values": "values",
        "clean_percent": "clean %",
        "misread_percent": "misread %",
        "scanned_values": "scanned",
        "mild_percent": "mild %",
        "bad_percent": "bad %",
    },
    "read": {
        "lacre_cer": "Lacre CER %",
        "tesseract_cer": "Tesseract CER %",
        "ocrmypdf_cer": "ocrmypdf CER %",
        "lacre_numbers": "numbers %",
        "tesseract_numbers": "Tesseract %",
        "ocrmypdf_numbers": "ocrmypdf %",
        "lacre_cpu_s": "CPU s",
        "tesseract_cpu_s": "Tesseract CPU s",
        "ocrmypdf_cpu_s": "ocrmypdf CPU s",
    },
    "rates": {
        "per_s": "pages /s",
        "tesseract_per_s": "Tesseract /s",
        "ocrmypdf_per_s": "ocrmypdf /s",
        "per_cpu_s": "pages per CPU s",
        "memory_mb": "memory +MB",
    },
    "scans": {
        "lacre_words": "words",
        "tesseract_words": "Tesseract's",
        "ocrmypdf_words": "ocrmypdf's",
        "lacre_agreed": "agreed %",
        "tesseract_agreed": "Tesseract's %",
        "ocrmypdf_agreed": "ocrmypdf's %",
        "lacre_cpu_s": "CPU s",
        "tesseract_cpu_s": "Tesseract CPU s",
        "ocrmypdf_cpu_s": "ocrmypdf CPU s",
    },
    "ingest": {"per_s": "Lacre /s", "bare_per_s": "bare /s", "ratio": "of the bare rate"},
    "latency": {
        "p50_ms": "p50 ms",
        "p95_ms": "p95 ms",
        "p99_ms": "p99 ms",
        "p99_ratio": "p99 / quiet",
        "p99_paused": "p99 / paused",
        "samples": "events",
        "missing": "not in 3 s",
    },
    "ordered": {"per_s": "per second", "cpu_us": "CPU us each", "server_us": "PostgreSQL's us"},
    "growth": {"cpu_us": "CPU us each", "server_us": "PostgreSQL's us"},
    "profile": {
        "sqlite_us": "SQLite us",
        "sqlite_share": "share",
        "postgresql_us": "PostgreSQL us",
        "postgresql_share": "share",
    },
    "memory": {
        "seconds": "seconds",
        "rss_mb": "RSS MB",
        "growth_mb": "growth MB",
        "slope_mb_per_h": "MB an hour",
    },
}
TITLES: Mapping[str, str] = {
    "seal": "One signature: CPU ms, beside SHA-256 of the file and one RSA-2048 signature (floor)",
    "api": "Creating envelopes of 100 kB with two signers over HTTP, SQLite",
    "deliveries": "Deliveries of 1 kB to one receiver, every attempt committed, beside a bare libcurl loop",
    "docx": "A DOCX filled and made PDF: a LibreOffice that is kept, beside a fresh start",
    "fiscal": "Service invoices issued by a Sefin in another process: by the engine, and on the whole path",
    "fields": "Fields of sample documents that are exactly right: as drawn, misread, scanned from worn paper",
    "read": "Pages made from seeds: characters wrong, numbers exact, CPU seconds a page",
    "rates": "Pages through the product's own child processes",
    "scans": "Scans of OCRmyPDF's tests: words found, and how many of them the other kind of reader found",
    "ingest": "Events kept with four deliveries each, in transactions of their own, beside bare inserts",
    "ordered": "Deliveries in order: all in one lane, in 500 lanes, and the same without order",
    "latency": "From an event's commit to the first byte at the receiver",
    "profile": "Where the CPU of one delivery goes (the worker's, not the database server's)",
    "growth": "What one delivery costs while others wait",
    "memory": "The resident size of a worker at 200 events a second",
}


def table(name: str, rows: Mapping[str, Row]) -> str:
    headings = HEADINGS[name]
    lines = [["", *headings.values()]]
    lines += [[title, *(number(row.get(key)) for key in headings)] for title, row in rows.items()]
    return f"{TITLES[name]}\n\n{_aligned(lines)}"


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        f"{first:<{widths[0]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        for first, *cells in lines
    )
