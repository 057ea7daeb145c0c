"""What ZapSign's signing page posts to the page that frames it: bare strings, read by their clients."""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, str] = {
    "loaded": "zs-doc-loaded",
    "signed": "zs-doc-signed",
    "file_ready": "zs-signed-file-ready",
}
