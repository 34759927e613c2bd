"""What a payment says about what it pays, the same for every bank's format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from models.references import ReferenceScheme, reference_schemes
from models.values import ReferenceStatus

_NUMBER = re.compile(r"(?<![0-9])[0-9]{4,25}(?![0-9])")
_SCHEMES = {
    "SEK": {ReferenceScheme.OCR, ReferenceScheme.RF},
    "NOK": {ReferenceScheme.KID, ReferenceScheme.RF},
    "DKK": {ReferenceScheme.FIK, ReferenceScheme.OCR, ReferenceScheme.RF},
    "EUR": {ReferenceScheme.VIITENUMERO, ReferenceScheme.OCR, ReferenceScheme.RF},
}
"""Danish banks may leave out a payment id's leading zeros; a bankgiro in euro still takes OCR."""


class Part(NamedTuple):
    """One reference of a payment and the share of the money that it names, zero where none is named."""

    reference: str | None
    status: ReferenceStatus
    amount: Decimal


def status_of(reference: str | None, currency: str) -> ReferenceStatus:
    """How good a reference from a reference field is, by the check digit that the currency's country uses."""
    if not reference or not reference.strip():
        return ReferenceStatus.BLANK
    schemes = set(reference_schemes(reference)) & _SCHEMES.get(currency, set(ReferenceScheme))
    return ReferenceStatus.STRUCTURED if schemes else ReferenceStatus.INVALID


def only_number(text: str) -> str | None:
    """The number in a free message, where there is exactly one that could be a reference."""
    numbers = set(_NUMBER.findall(text))
    return numbers.pop() if len(numbers) == 1 else None


def parts_of(told: Sequence[Part]) -> list[Part]:
    """Split a payment (first) and its further references so that the amounts add up to what came in."""
    first, *further = told
    rest = first.amount - sum((part.amount for part in further), Decimal(0))
    reference = only_number(first.reference or "") if first.status == ReferenceStatus.FREE_TEXT else first.reference
    return [first._replace(reference=reference, amount=rest), *further]
