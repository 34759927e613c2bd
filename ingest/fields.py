"""Dates, amounts and the like as they stand in files, and what is wrong with them in words that quote nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

_LARGEST = Decimal(10) ** 13
_MOST_DECIMALS = 12


_PLAIN = {
    "missing": "is missing",
    "string_type": "is no text",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "does not have the form that it should",
    "too_short": "is empty",
    "tuple_type": "is no list",
    "model_type": "is no object",
    "timezone_aware": "has no time zone; write it like 2026-03-31T09:12:00+02:00",
    "datetime_from_date_parsing": "is no time like 2026-03-31T09:12:00+02:00",
    "datetime_parsing": "is no time like 2026-03-31T09:12:00+02:00",
    "value_error": "does not fit",
}


class BadField(ValueError):
    """A field of an item is missing or cannot be read; the message names the field and what it should hold."""


def as_date(field: str, text: str) -> date:
    """``2026-03-31``, the extended form of ISO 8601 alone: other orders of day and month cannot be told apart."""
    try:
        if len(text) != 10 or text[4] != "-" or text[7] != "-":
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadField(f"{field} is no date like 2026-03-31") from None


def as_amount(field: str, text: str) -> Decimal:
    """``1234.50``; also ``1 234,50`` and ``1.234,50``, where the last comma or point sets the decimals apart."""
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma > point:
        plain = plain.replace(".", "").replace(",", ".")
    elif comma >= 0:
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise BadField(f"{field} is no amount like 1234.50") from None
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or abs(amount) >= _LARGEST or exponent < -_MOST_DECIMALS:
        raise BadField(f"{field} is no amount of at most 13 digits and 12 decimals")
    return amount


def problem_of(error: ValidationError) -> str:
    """The first fault that the model found, by field and rule: never the value that was given."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the item"
    return f"{place}: {_PLAIN.get(first['type']) or first['msg'][0].lower() + first['msg'][1:]}"
