"""The numbers of a conversation that lead to its invoice, as rows of keyed hashes."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.hashing import ReferenceHasher
from models.references import is_kid, is_ocr, is_valid_reference, is_viitenumero
from models.values import Conversation, PiiKind, Redacted

_CHECKS = {"sv": is_ocr, "nb": is_kid, "da": is_ocr, "fi": is_viitenumero}
_SHORTEST, _LONGEST = 6, 25


def numbers_of(
    given: Conversation, redacted: Redacted, language: str, hasher: ReferenceHasher
) -> dict[tuple[str, str], str]:
    """How each number was told (``given``, ``said`` or ``repaired``) by its kind and hash; the surest way counts."""
    told: dict[tuple[str, str], str] = {}
    for kind, value, how in _told(given, redacted, language):
        told.setdefault((kind, hasher.hash(kind, value)), how)
    return told


def _told(given: Conversation, redacted: Redacted, language: str) -> Iterator[tuple[PiiKind, str, str]]:
    if given.customer_number:
        yield PiiKind.CUSTOMER_NUMBER, given.customer_number, "given"
    if given.invoice_number:
        yield PiiKind.INVOICE_NUMBER, given.invoice_number, "given"
    for said in redacted.references:
        yield said.kind, said.value, "said"
    for said in redacted.references:
        if said.kind == PiiKind.PAYMENT_REFERENCE:
            for value in repairs(said.value, language):
                yield said.kind, value, "repaired"


def repairs(reference: str, language: str) -> set[str]:
    """References with a right check digit that differ from a wrong one in one digit misheard or left out."""
    valid = _CHECKS.get(language, is_valid_reference)
    if not (_SHORTEST <= len(reference) <= _LONGEST and reference.isascii() and reference.isdigit()) or valid(
        reference
    ):
        return set()
    places, digits = range(len(reference) + 1), "0123456789"
    changed = {reference[:at] + digit + reference[at + 1 :] for at in places for digit in digits}
    completed = {reference[:at] + digit + reference[at:] for at in places for digit in digits}
    return {candidate for candidate in changed | completed if valid(candidate)}
