"""What a note can be told by name, beside its lines and its customer."""

from __future__ import annotations

from difflib import get_close_matches

PARAMETERS = frozenset(
    {
        "benefit",
        "city_code",
        "conditional_discount",
        "deduction",
        "deduction_documents",
        "deduction_rate",
        "discount",
        "federal",
        "final_consumer",
        "ibs_cbs_classification",
        "ibs_cbs_operation",
        "ibs_cbs_situation",
        "immunity",
        "intermediary",
        "internal_code",
        "iss",
        "iss_kind",
        "iss_withheld",
        "municipal_registration",
        "municipal_service_code",
        "nbs",
        "notes",
        "occasion",
        "rendered_at",
        "rendered_in",
        "result_country",
        "service_code",
        "simples_rate",
        "state_iss_rate",
        "suspension",
        "total_federal",
        "total_municipal",
        "total_state",
        "trade",
        "works",
    }
)


def nearest(name: str) -> str:
    """The parameter that a misspelt one is nearest to; empty when none is near."""
    return next(iter(get_close_matches(name, PARAMETERS, n=1)), "")
