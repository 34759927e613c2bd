"""Conversations with labelled personal data: our own, and public sets of single sentences in the same shape.

A row: ``{"language", "turns": [{"speaker", "text"}], "gold": {"pii": [{"text", "type"}], "neither": [text]}}``, where
``neither`` lists what counts neither as personal data nor as a clean word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REAL = Path(__file__).parent / "data" / "real"
# What the public sets call the kinds that Tydlig has as well. A town, a firm or a date alone is none of them.
KINDS = {
    "PERSON": "person",
    "STREET_ADDRESS": "address",
    "CREDIT_CARD": "card",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "account",
    "US_SSN": "national_id",
    "SE_PERSONNUMMER": "national_id",
    "FI_PERSONAL_IDENTITY_CODE": "national_id",
}


def own(folder: Path, language: str | None = None) -> list[dict[str, Any]]:
    """Rows of all ``.jsonl`` files in a folder, of one language if given."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl")))
    rows = [json.loads(line) for text in texts for line in text.splitlines() if line.strip()]
    return [row for row in rows if language in {None, row["language"]}]


def english_sentences() -> list[dict[str, Any]]:
    """The part of presidio-research's synthetic English set that stands in ``data/real/pii-english``."""
    text = (REAL / "pii-english" / "presidio_research_synth_dataset_v2.json").read_text(encoding="utf-8")
    return [
        _row("en", entry["full_text"], [(span["entity_value"], span["entity_type"]) for span in entry["spans"]])
        for entry in json.loads(text)
    ]


def nordic_numbers() -> list[dict[str, Any]]:
    """Sentences with Swedish and Finnish identity numbers, and with what is none, from ``data/real/pii-nordic``."""
    text = (REAL / "pii-nordic" / "presidio_texts.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in text.splitlines()]
    return [
        _row("en", entry["text"], [(entry["text"][start:end], entry["entity"]) for start, end in entry["spans"]])
        for entry in entries
    ]


def _row(language: str, text: str, spans: list[tuple[str, str]]) -> dict[str, Any]:
    pii = [{"text": value, "type": KINDS[kind]} for value, kind in spans if kind in KINDS]
    neither = [value for value, kind in spans if kind not in KINDS]
    return {
        "language": language,
        "turns": [{"speaker": "customer", "text": text}],
        "gold": {"pii": pii, "neither": neither},
    }
