"""Contacts as conversation files: each text with the numbers of the customer who is made to say it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ingest.sample.compressed import write_compressed
from ingest.sample.contacts import Contact
from ingest.sample.register import Letter

DIGIT_WORDS = {
    "sv": ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
    "nb": ["null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni"],
    "da": ["nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"],
    "fi": ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}


@dataclass(frozen=True)
class Known:
    """What a contact tells of itself: numbers beside the text, and whether those in it are true ones."""

    customer_number: bool = False
    invoice_number: bool = False
    said: bool = False


@dataclass(frozen=True)
class Told:
    """A contact under its id, with the turns as they were said."""

    id: str
    contact: Contact
    turns: tuple[tuple[str, str], ...]
    known: Known


def tell(contacts: Sequence[Contact]) -> list[Told]:
    random = Random("conversations")
    chances = _chances(random, contacts)
    return [
        _tell(chance, f"ks-{number:05d}", contact)
        for number, (contact, chance) in enumerate(zip(contacts, chances, strict=True), start=1)
    ]


def _chances(random: Random, contacts: Sequence[Contact]) -> list[float]:
    """Numbers from 0 to 1, spread evenly over the contacts of each version and segment: all are as traceable."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, contact in enumerate(contacts):
        alike[contact.letter.version if contact.letter else "", contact.customer.segment].append(place)
    chances = [0.0] * len(contacts)
    for places in alike.values():
        random.shuffle(places)
        for step, place in enumerate(places):
            chances[place] = (step + 0.5) / len(places)
    return chances


def _tell(chance: float, identity: str, contact: Contact) -> Told:
    known = _known(chance, contact)
    turns = _with_own_numbers(contact) if known.said else contact.text.turns
    return Told(identity, contact, turns, known)


def _known(chance: float, contact: Contact) -> Known:
    """Seven in ten are logged in or looked up; some only say a number; one in eight leaves no trace."""
    if contact.letter is None:
        return Known(customer_number=chance < 0.6)
    if chance < 0.70:
        return Known(customer_number=True, said=True)
    if chance < 0.78:
        return Known(invoice_number=True, said=True)
    if chance < 0.88:
        says = any(kind in _numbers(contact.letter) for _, kind in contact.text.pii)
        return Known(customer_number=not says, said=True)
    return Known()


def _numbers(letter: Letter) -> dict[str, str]:
    bill = letter.bill
    return {
        "payment_reference": bill.reference,
        "invoice_number": bill.number,
        "customer_number": bill.customer.number,
    }


def _with_own_numbers(contact: Contact) -> tuple[tuple[str, str], ...]:
    """The first number of each kind that is said becomes the true one, written or spelled as it was."""
    assert contact.letter is not None  # noqa: S101 (narrows the type)
    numbers = _numbers(contact.letter)
    swaps = {}
    for words, kind in contact.text.pii:
        if kind in numbers:
            swaps[words] = _as_said(words, numbers.pop(kind), contact.text.language)
    if not swaps:
        return contact.text.turns
    longest_first = sorted(swaps, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(words)}(?!\w)" for words in longest_first))
    return tuple((speaker, pattern.sub(lambda hit: swaps[hit[0]], text)) for speaker, text in contact.text.turns)


def _as_said(words: str, number: str, language: str) -> str:
    if not any(letter.isdigit() for letter in words):
        return " ".join(DIGIT_WORDS[language][int(digit)] for digit in number)
    return " ".join(re.findall("..?.?.?", number)) if " " in words else number


def write_conversations(told: Sequence[Told], folder: Path) -> None:
    """One JSONL file a month."""
    for month in sorted({one.contact.started_at.strftime("%Y-%m") for one in told}):
        own = [one for one in told if one.contact.started_at.strftime("%Y-%m") == month]
        text = "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in own)
        write_compressed(folder / f"conversations-{month}.jsonl.gz", text)


def _row(told: Told) -> dict[str, object]:
    contact = told.contact
    row: dict[str, object] = {
        "id": told.id,
        "language": contact.text.language,
        "channel": contact.text.channel.value,
        "started_at": contact.started_at.isoformat().replace("+00:00", "Z"),
        "handling_seconds": contact.handling_seconds,
        "queue": contact.queue,
    }
    if told.known.customer_number:
        row["customer_number"] = contact.customer.number
    if told.known.invoice_number and contact.letter:
        row["invoice_number"] = contact.letter.bill.number
    return row | {"turns": [{"speaker": speaker, "text": text} for speaker, text in told.turns]}


def write_truth(told: Sequence[Told], path: Path) -> None:
    """What no import sees: the text that each conversation is, and the letter that it is about."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "text", "reason", "invoice_number", "document", "template_version", "sent_on", "traceable"])
    for one in told:
        letter = one.contact.letter
        about = [letter.bill.number, letter.kind.value, letter.version, letter.on] if letter else [""] * 4
        traceable = "yes" if one.known != Known() else "no"
        writer.writerow([one.id, one.contact.text.id, one.contact.text.primary.value, *about, traceable])
    write_compressed(path, text.getvalue())
