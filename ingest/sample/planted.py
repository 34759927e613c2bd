"""Counts what is planted in the sample from its files, for the README and for whoever wants to check it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.sample.company import (
    BUSINESS_FACE_FROM,
    CONSUMER_FACE_FROM,
    REMINDER_FACE_FROM,
    WRONG_TARIFF_ON,
)
from ingest.sample.compressed import read_compressed

BEGIN, END = "<!-- counted from the files: begin -->", "<!-- end -->"


def rows(path: Path) -> Iterator[dict[str, str]]:
    return csv.DictReader(read_compressed(path).splitlines())


def count_letters(register: Path) -> Counter[str]:
    """How many letters of each version were sent; the wrong-tariff run counts once more under its date."""
    letters: Counter[str] = Counter()
    seen: set[str] = set()
    for row in rows(register):
        if row["number"] in seen:
            continue
        seen.add(row["number"])
        versions = [row["template_version"], row["reminder_version"], row["collection_version"]]
        letters.update(version for version in versions if version)
        letters[row["issued_on"]] += 1
    return letters


def count_contacts(truth: Path) -> Counter[tuple[str, str]]:
    """Contacts by (version, primary reason), and by (day of the invoice run, primary reason)."""
    contacts: Counter[tuple[str, str]] = Counter()
    for row in rows(truth):
        contacts[row["template_version"], row["reason"]] += 1
        contacts[row["template_version"], "all"] += 1
        if row["document"] == "sent":
            contacts[row["sent_on"], row["reason"]] += 1
    return contacts


def planted_table(register: Path, truth: Path) -> str:
    """The four effects as a table in Markdown: contacts of letters sent, and that per 1,000."""
    letters, contacts = count_letters(register), count_contacts(truth)

    def cell(key: str, reason: str) -> str:
        sent, got = letters[key], contacts[key, reason]
        return f"{got} of {sent:,} = {1000 * got / sent:.1f}"

    run = WRONG_TARIFF_ON.isoformat()
    every_run = [day for day in letters if day.startswith("2026-") and day != run]
    usual = 1000 * sum(contacts[day, "incorrect_invoice"] for day in every_run) / sum(letters[day] for day in every_run)
    others = f"{usual:.1f} in all other runs"
    lines = (
        ("", "from", "reason", "before", "after"),
        ("---",) * 5,
        ("1", CONSUMER_FACE_FROM, "`payment_reference`", f"`invoice-a`: {cell('invoice-a', 'payment_reference')}",
         f"`invoice-b`: {cell('invoice-b', 'payment_reference')}"),
        ("2", run, "`incorrect_invoice`", others, f"run of {run}: {cell(run, 'incorrect_invoice')}"),
        ("3", REMINDER_FACE_FROM, "`reminder_received`", f"`reminder-1`: {cell('reminder-1', 'reminder_received')}",
         f"`reminder-2`: {cell('reminder-2', 'reminder_received')}"),
        ("4", BUSINESS_FACE_FROM, "all", f"`invoice-a`: {cell('invoice-a', 'all')}",
         f"`invoice-c`: {cell('invoice-c', 'all')}"),
    )  # fmt: skip
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def refresh(readme: Path, table: str) -> None:
    """Put the table between its marks."""
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    readme.write_text(f"{head}{BEGIN}\n\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
