"""What a file is that this version does not read, so that the user is told by name and not left to guess."""

from __future__ import annotations

import re
from typing import NamedTuple


class Foreign(NamedTuple):
    """What it is, after the file's name, and what to do instead."""

    problem: str
    remedy: str


_UNPACK = Foreign("is a packed archive or an Office file", "Unpack it, or save the sheet as CSV in UTF-8.")
_RECORDING = Foreign("is a recording", "Have it transcribed, and hand in the transcript.")
_PICTURE = Foreign("is a picture", "Hand in what it shows as UBL or CSV; a layout is handed in as PDF.")
_DATABASE = Foreign("is a database", "Export its tables as CSV in UTF-8.")
_BYTES = {
    b"PK\x03\x04": _UNPACK,
    b"7z\xbc\xaf\x27\x1c": _UNPACK,
    b"Rar!": _UNPACK,
    b"BZh": _UNPACK,
    b"\xfd7zXZ\0": _UNPACK,
    b"\x28\xb5\x2f\xfd": _UNPACK,
    b"\xd0\xcf\x11\xe0": _UNPACK,
    b"PAR1": _DATABASE,
    b"SQLite format 3\0": _DATABASE,
    b"%PDF": Foreign("is a PDF", "Hand in invoices as UBL or CSV; a layout stands beside the JSON of its version."),
    b"RIFF": _RECORDING,
    b"ID3": _RECORDING,
    b"OggS": _RECORDING,
    b"fLaC": _RECORDING,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
}

_INVOICE = "Export it as UBL 2.1 (Peppol BIS Billing 3), or list it in an invoice register as CSV."
_LETTER = "Reminders and collection letters are told by columns of an invoice register as CSV."
_PAYMENT = "Ask the bank for camt.054, camt.053 or, in Sweden, BgMax."
_TRANSCRIPT = "Write it as JSON Lines, one conversation on each line with its id and turns."
_COLUMNS = (
    "An invoice register has number, issued_on, amount and currency; "
    "conversations have conversation_id, speaker and text."
)
_TEXTS = (
    (r"<(?:\w+:)?Finvoice\b", Foreign("is Finvoice, which is not read yet", _INVOICE)),
    (r":CrossIndustryInvoice\b", Foreign("is a CII invoice, which is not read yet", _INVOICE)),
    (r"xmlns[^>]*sfti", Foreign("is Svefaktura, which is not read yet", _INVOICE)),
    (r"<(?:\w+:)?(Reminder|UtilityStatement|Statement)[\s>]", Foreign("is UBL, but no invoice", _LETTER)),
    (r"\ANY\d{6}", Foreign("is a file of Nets or AvtaleGiro, which is not read yet", _PAYMENT)),
    (r"\A\s*[\[{](?s:.*)\"turns\"", Foreign("is JSON, but not one conversation a line", _TRANSCRIPT)),
    (r"\A\s*[\[{]", Foreign("is JSON of a form that is not read yet", _TRANSCRIPT)),
    (r"\A[\w\" ]+([,;\t][\w\" ]*){2,}\r?\n", Foreign("is a table without the columns that are known", _COLUMNS)),
    (r"\A\s*<\?xml|\A\s*<\w", Foreign("is XML of a kind that is not read", _INVOICE)),
)


def of_bytes(head: bytes) -> Foreign | None:
    """By the bytes that formats other than text begin with."""
    return next((foreign for first, foreign in _BYTES.items() if head.startswith(first)), None)


def of_text(head: str) -> Foreign | None:
    return next((foreign for pattern, foreign in _TEXTS if re.search(pattern, head)), None)
