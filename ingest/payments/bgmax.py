"""BgMax, Bankgirot's file of payments in Sweden: records of 80 characters in ISO-8859-1.

Positions follow Bankgirot's technical manual as public parsers name them; the reference codes 1, 2 and 3 and the
channels 1, 2 and 3 were checked against Bankgirot's own example file. The payer's name, address and account are passed
over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ingest.payments.remittance import Part, parts_of, status_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import Payment, ReferenceStatus

KIND = "bgmax"
NAME = "BgMax"

_OPENING, _DEPOSIT, _DEDUCTION = "05", "15", "21"
_PAYMENT = ("20", _DEDUCTION)
_EXTRA = ("22", "23")
_PASSED_OVER = ("25", "26", "27", "28", "29")
_END = "70"
_KNOWN = ("01", _END, *_PAYMENT)
_CHANNELS = {"1": "internet_bank", "2": "supplier_payment_file", "3": "giro_slip", "4": "direct_debit"}
_STATUS = {
    "0": ReferenceStatus.BLANK,
    "1": ReferenceStatus.BLANK,
    "2": ReferenceStatus.STRUCTURED,
    "3": ReferenceStatus.FREE_TEXT,
    "5": ReferenceStatus.INVALID,
}
_REMEDY = "Ask the bank for the file again."
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_AMOUNT = re.compile(r"[0-9]{18}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class _Record(NamedTuple):
    line: int
    text: str


class _Opening(NamedTuple):
    payee: str
    currency: str


class _Deposit(NamedTuple):
    serial: str
    on: date | None


def recognises(head: str, name: str) -> bool:
    return head.removeprefix("\ufeff").startswith("01BGMAX")


def read(source: Source) -> Iterator[Item[Payment] | BadInput]:
    """A payment is dated by the deposit record that follows it, so the deposits are read ahead.

    Raises ``BadInput`` for a file that lacks its end.
    """
    deposits = _deposits(source)
    section, opening, code = 0, _Opening("", "SEK"), ""
    seen, pending = Counter[str](), list[_Record]()
    for number, text in (line for line in source.lines("iso-8859-1") if line[1].strip()):
        code = text[:2]
        if code in _EXTRA and pending:
            pending.append(_Record(number, text))
            continue
        if code in _PASSED_OVER:
            continue
        yield from _payments(source, pending, opening, deposits[section], seen)
        pending = [_Record(number, text)] if code in _PAYMENT else []
        if code == _OPENING:
            opening = _Opening(
                text[2:12].strip().lstrip("0"), text[22:25] if _CURRENCY.fullmatch(text[22:25]) else "SEK"
            )
        elif code == _DEPOSIT:
            section, seen = section + 1, Counter()
        elif code not in _KNOWN:
            yield source.bad("the record's type is none of BgMax's, or stands in the wrong place", _REMEDY, number)
    yield from _payments(source, pending, opening, deposits[section], seen)
    if code != _END:
        raise source.bad("is cut off: the end record is missing", _REMEDY)


def _deposits(source: Source) -> list[_Deposit]:
    """Every deposit in order, with an undated one for payments after the last."""
    found = [text for _, text in source.lines("iso-8859-1") if text[:2] == _DEPOSIT]
    return [_Deposit(text[45:50].strip(), _date(text[37:45])) for text in found] + [_Deposit("", None)]


def _payments(
    source: Source, records: list[_Record], opening: _Opening, deposit: _Deposit, seen: Counter[str]
) -> Iterator[Item[Payment] | BadInput]:
    """A payment record and the extra references after it as payments whose amounts add up to what came in."""
    if not records:
        return
    line, first = records[0]
    for number, text in records:
        if not _AMOUNT.fullmatch(text[37:55]) or not text.isprintable():
            yield source.bad("the record is cut off, or its amount is no number of öre", _REMEDY, number)
    readable = [text for _, text in records if _AMOUNT.fullmatch(text[37:55]) and text.isprintable()]
    if first not in readable[:1]:
        return
    if deposit.on is None:
        yield source.bad("no dated deposit record follows the payment", _REMEDY, line)
        return
    sign = -1 if first[:2] == _DEDUCTION else 1
    for part in parts_of([_part(text, opening.currency) for text in readable]):
        own = f"{deposit.on} {opening.payee} {deposit.serial} {first[57:69]}"
        seen[own] += 1
        payment = Payment(
            id=f"bgmax {own} {seen[own]}",
            booked_on=deposit.on,
            amount=sign * part.amount,
            currency=opening.currency,
            reference=part.reference,
            reference_status=part.status,
            channel=_CHANNELS.get(first[56:57]),
            payee_account=opening.payee or None,
        )
        yield Item(line, payment)


def _part(record: str, currency: str) -> Part:
    reference = record[12:37].strip() or None
    status = _STATUS.get(record[55:56]) or status_of(reference, currency)
    return Part(reference, status, Decimal(int(record[37:55])) / 100)


def _date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
