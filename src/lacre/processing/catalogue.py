"""The types that an account has: those it made or changed, and the shipped ones."""

from __future__ import annotations

from dataclasses import replace

from lacre.kit.ids import AccountId
from lacre.processing.document_type import OWN_NUMBERS, DocumentType
from lacre.processing.errors import TypeUnknown
from lacre.processing.repositories import ProcessingWork
from lacre.processing.shipped import SHIPPED


def require_type(work: ProcessingWork, account_id: AccountId, number: int) -> DocumentType:
    """One that documents may be of; raises `TypeUnknown`."""
    found = type_of(work, account_id, number)
    if found.retired:
        raise TypeUnknown(number)
    return found


def type_of(work: ProcessingWork, account_id: AccountId, number: int) -> DocumentType:
    """Also one that is no longer offered; raises `TypeUnknown`."""
    found = work.document_types.newest(account_id, number) or SHIPPED.get(number)
    if found is None:
        raise TypeUnknown(number)
    return found


def types_of(work: ProcessingWork, account_id: AccountId) -> list[DocumentType]:
    """All that are offered, by their numbers."""
    everything = {**SHIPPED, **work.document_types.all(account_id)}
    return [everything[number] for number in sorted(everything) if not everything[number].retired]


def keep_type(work: ProcessingWork, account_id: AccountId, one: DocumentType) -> DocumentType:
    """As the next version; one without a number gets the next of the account's own."""
    known = {**SHIPPED, **work.document_types.all(account_id)}
    number = one.number or max(OWN_NUMBERS, *(known)) + 1
    before = known.get(number)
    if before is None and one.number:
        raise TypeUnknown(number)
    kept = replace(one, number=number, version=before.version + 1 if before else 1)
    work.document_types.add(account_id, kept)
    return kept
