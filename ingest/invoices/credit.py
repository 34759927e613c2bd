"""What a credit note says about the invoice that it takes back."""

from __future__ import annotations

from datetime import date

from models.values import Value


class Credit(Value):
    """The invoice with this ``number`` was credited, in whole or in part, on a day."""

    number: str
    on: date
