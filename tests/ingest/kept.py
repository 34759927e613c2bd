"""A small firm's files with words that can be searched for, and what is to stay when the words are gone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ingest.hashing import ReferenceHasher
from insights.conversations import list_conversations
from insights.overview import overview
from insights.reasons import count_by_reason
from insights.steps import payment_steps
from insights.templates import invoice_map, list_templates
from models.filters import Filter
from models.tables import OrganisationRow
from tests.ingest.conftest import Importer
from tests.ingest.written import camt, conversations, paid, register

HASHER = ReferenceHasher(b"k" * 32)
NOW = datetime(2027, 6, 1, tzinfo=UTC)
"""More than a year after everything below."""
CALLS = 30
WORD = "kvartsarmband"
"""Stands in every conversation, with the number of the call behind it."""


def customer(number: int) -> str:
    return f"50{number:04}"


def reference(number: int) -> str:
    return f"7700{number:04}"


def import_firm(importer: Importer) -> list[Path]:
    """Thirty customers with an invoice each, who pay it and call about it; every call names its number once."""
    invoices = [
        {
            "number": f"F{n:04}",
            "customer_number": customer(n),
            "payment_reference": reference(n),
            "template_version": "invoice-a" if n % 2 else "invoice-b",
            "sent_on": "2026-03-01",
            "line_name": f"{WORD}-line-{n:03}.",
        }
        for n in range(CALLS)
    ]
    calls = [
        {
            "id": f"source-{n:04}",
            "text": f"The reference <payment_reference {reference(n)}> of <person Kim> is missing {WORD}-{n:03}. " * 9,
            "started_at": f"2026-03-{3 + n % 20:02}T10:00:00Z",
            "customer_number": customer(n),
            "handling_seconds": 300,
            "channel": "phone",
        }
        for n in range(CALLS)
    ]
    payments = [paid(reference(n), end_to_end=f"E{n}") for n in range(0, CALLS, 2)]
    files = [
        importer.path("invoices.csv", register(*invoices)),
        importer.path("payments.xml", camt(*payments)),
        importer.path("calls.jsonl", conversations(*calls)),
    ]
    importer(*files)
    return files


def figures(engine: Engine, organisation_id: int) -> list[object]:
    """Everything that is counted; the conversations without their words and without the id they came with.

    How fresh the data is, is left out: a later import is news, whatever it brings.
    """
    march = Filter(since=date(2026, 3, 1), until=date(2026, 3, 31))
    with Session(engine) as session:
        organisation = session.get_one(OrganisationRow, organisation_id)
        listed = list_conversations(session, organisation, march, limit=200)
        unnamed = {"quote": "", "external_id": "", "words_kept": False}
        asked = session, organisation, march
        return [
            overview(*asked).model_copy(update={"freshness": None}),
            count_by_reason(*asked),
            list_templates(*asked),
            invoice_map(*asked, "invoice-a"),
            payment_steps(*asked),
            [one.model_copy(update=unnamed) for one in listed.items],
        ]


def in_files(engine: Engine, *words: str) -> set[str]:
    """Those of the words that stand in SQLite's database file or its write-ahead log, used or free."""
    path = engine.url.database
    assert path
    files = [Path(path), Path(f"{path}-wal")]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    return {word for word in words if word.encode() in content}
