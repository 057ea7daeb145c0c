"""What OpenAPI is told of requests that may also come as forms with files."""

from __future__ import annotations

from typing import Any

from lacre.dialects.native.body import JSON_PART

MULTIPART: dict[str, Any] = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [JSON_PART],
                    "properties": {
                        JSON_PART: {"type": "string", "description": "The JSON of the other form."}
                    },
                    "additionalProperties": {
                        "type": "string",
                        "format": "binary",
                        "description": "A file, named by `upload`.",
                    },
                }
            }
        }
    }
}
