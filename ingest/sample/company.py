"""The sample company: a fictional Swedish energy and broadband firm, and where its files lie."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

SAMPLE = Path(__file__).parent / "files"
"""The folder that is imported; its parts are numbered in the order in which they should be."""
TRUTH = Path(__file__).parent / "truth.csv.gz"
"""For measuring only: which document each conversation is about, and why. Never imported."""

SLUG = "sample"
NAME = "Älvljus Energi & Fiber"
LEGAL_NAME = "Älvljus Energi & Fiber AB"
CURRENCY = "SEK"
COST_PER_MINUTE = Decimal("9.50")

# Bankgirot's own example number; the rest is invented, with check digits that hold.
BANKGIRO = "991-2346"
ORGANISATION_NUMBER = "5599997318"
IBAN = "SE2299900000000099912346"

FIRST_DAY = date(2026, 7, 1)
LAST_DAY = date(2026, 10, 31)
LAST_LETTER = date(2026, 10, 23)
"""The last day on which a letter goes out, so that its contacts still fall within the four months."""

MONTHS = (7, 8, 9, 10)
RUNS = 16
"""Invoice runs a month: one on each of its first sixteen working days."""

BUSINESS_FACE_FROM = date(2026, 8, 3)
CONSUMER_FACE_FROM = date(2026, 9, 1)
REMINDER_FACE_FROM = date(2026, 9, 15)
WRONG_TARIFF_ON = date(2026, 8, 12)
WRONG_TARIFF_CREDITED_ON = date(2026, 8, 26)
RIGHT_TARIFF = Decimal("0.648")
WRONG_TARIFF = Decimal("1.944")


def working_day(day: date) -> date:
    """``day``, or the Monday after where it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def run_day(month: int, run: int) -> date:
    """The day of the ``run``-th invoice run (from 0) of a month of 2026."""
    first = date(2026, month, 1)
    days = [first + timedelta(days=n) for n in range(28)]
    return [day for day in days if day.weekday() < 5][run]
