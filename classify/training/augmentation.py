"""More conversations out of those that there are: as redaction, recognisers, hurried writers and chatter leave them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classify.training.corpus import read
from models.speech import Speaker
from models.taxonomy import Feature, Reason, Step

NUMBERS = re.compile(r"\d(?:[ -]?\d){5,}")
PLACEHOLDERS = ("[PHONE]", "[CUSTOMER_NUMBER]", "[INVOICE_NUMBER]", "[PAYMENT_REFERENCE]", "[ACCOUNT]")
UNMARKED = str.maketrans("æÆøØ", "aAoO")


@dataclass(frozen=True)
class Shown:
    """What readers found in a conversation or in one of its turns; ``not_billing`` is no reason here."""

    reasons: frozenset[Reason] = frozenset()
    features: frozenset[Feature] = frozenset()

    def __or__(self, other: Shown) -> Shown:
        return Shown(self.reasons | other.reasons, self.features | other.features)


@dataclass(frozen=True)
class Said:
    speaker: Speaker
    text: str
    shown: Shown = Shown()


@dataclass(frozen=True)
class Example:
    """A labelled conversation. ``primary`` is a distribution, because an utterance with two reasons names no first;
    ``step`` counts only where ``knows_step``; ``private`` are the strings of personal data and their kinds."""

    language: str
    turns: tuple[Said, ...]
    shown: Shown
    primary: dict[Reason, float]
    step: Step | None = None
    knows_step: bool = False
    private: tuple[tuple[str, str], ...] = ()


def read_conversations(folder: Path) -> list[Example]:
    """Raises what :func:`classify.training.corpus.read` raises, as does :func:`read_utterances`."""
    return read(folder, lambda _, row: conversation(row))


def read_utterances(folder: Path) -> list[Example]:
    return read(folder, lambda path, row: utterance(path.stem[:2], row))


def shown(row: dict[str, Any]) -> Shown:
    return Shown(
        frozenset(map(Reason, row["reasons"])) - {Reason.NOT_BILLING}, frozenset(map(Feature, row["features"]))
    )


def conversation(row: dict[str, Any]) -> Example:
    gold = row["gold"]
    evidence: dict[int, Shown] = {}
    for item in gold.get("evidence", []):
        evidence[item["turn"]] = evidence.get(item["turn"], Shown()) | shown(item)
    turns = tuple(
        Said(Speaker(turn["speaker"]), turn["text"], evidence.get(place, Shown()))
        for place, turn in enumerate(row["turns"])
    )
    private = tuple((item["text"], item["type"]) for item in gold.get("pii", []))
    step = Step(gold["step"]) if gold.get("step") else None
    return Example(row["language"], turns, shown(gold), {Reason(gold["primary"]): 1.0}, step, True, private)


def utterance(language: str, row: dict[str, Any]) -> Example:
    reasons = [Reason(reason) for reason in row["reasons"]] or [Reason.NOT_BILLING]
    turn = Said(Speaker.CUSTOMER, row["text"], shown(row))
    return Example(language, (turn,), turn.shown, {reason: 1 / len(reasons) for reason in reasons})


def hide_private(example: Example, rng: random.Random) -> Example:
    """Personal data as redaction leaves it."""
    people = list(dict.fromkeys(text.lower() for text, kind in example.private if kind == "person"))

    def hidden(text: str) -> str:
        for found, kind in sorted(example.private, key=lambda item: -len(item[0])):
            number = f"_{people.index(found.lower()) + 1}" if kind == "person" else ""
            text = text.replace(found, f"[{kind.upper()}{number}]")
        return NUMBERS.sub(lambda _: rng.choice(PLACEHOLDERS), text)

    return replace(example, turns=tuple(replace(turn, text=hidden(turn.text)) for turn in example.turns))


def without_marks(text: str) -> str:
    """Without diacritics, as a lazy keyboard or a foreign recogniser writes it."""
    decomposed = unicodedata.normalize("NFD", text.translate(UNMARKED))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def roughen(example: Example, rng: random.Random) -> Example:
    """Recogniser's and keyboard's faults over the whole conversation."""
    small, unpointed, bare = rng.random() < 0.25, rng.random() < 0.15, rng.random() < 0.08
    dropped = rng.choice((0.0, 0.0, 0.0, 0.05, 0.1))

    def rough(text: str) -> str:
        text = text.lower() if small else text
        text = re.sub(r"[.,;:!?…]+(?=\s|$)", "", text) if unpointed else text
        text = without_marks(text) if bare else text
        return " ".join(word for word in text.split(" ") if rng.random() >= dropped) or text

    return replace(example, turns=tuple(replace(turn, text=rough(turn.text)) for turn in example.turns))


def add_chatter(example: Example, chatter: Sequence[Said], rng: random.Random) -> Example:
    """Put in a few turns that show nothing, from elsewhere."""
    turns = list(example.turns)
    for _ in range(rng.randint(1, 4) if chatter else 0):
        turns.insert(rng.randint(0, len(turns)), rng.choice(chatter))
    return replace(example, turns=tuple(turns))


def merge_turns(example: Example, rng: random.Random) -> Example:
    """Two neighbours as one turn of the customer's, as a recogniser that hears no speakers would write."""
    at = rng.randrange(len(example.turns) - 1)
    one, other = example.turns[at : at + 2]
    merged = Said(Speaker.CUSTOMER, f"{one.text} {other.text}", one.shown | other.shown)
    return replace(example, turns=(*example.turns[:at], merged, *example.turns[at + 2 :]))


class Augmenter:
    """Draws a varied copy of an example; many copies are left as they were."""

    def __init__(self, conversations: Sequence[Example], utterances: Sequence[Example], rng: random.Random) -> None:
        self.rng = rng
        self.saying: dict[tuple[str, Reason], list[Said]] = {}
        self.chatter: dict[str, list[Said]] = {}
        for example in utterances:
            if len(example.shown.reasons) == 1:
                key = example.language, next(iter(example.shown.reasons))
                self.saying.setdefault(key, []).append(example.turns[0])
        for example in conversations:
            # Only conversations about no invoice: chatter must not bring in a reason.
            if example.shown == Shown():
                self.chatter.setdefault(example.language, []).extend(example.turns[1:])

    def __call__(self, example: Example) -> Example:
        rng, several = self.rng, len(example.turns) > 1
        if rng.random() < 0.5:
            example = hide_private(example, rng)
        if several and rng.random() < 0.3:
            example = self.say_otherwise(example)
        if several and example.shown != Shown() and rng.random() < 0.3:
            example = add_chatter(example, self.chatter.get(example.language, []), rng)
        if several and rng.random() < 0.08:
            example = merge_turns(example, rng)
        if rng.random() < 0.06:
            turns = tuple(replace(turn, speaker=Speaker.UNKNOWN) for turn in example.turns)
            example = replace(example, turns=turns)
        return roughen(example, rng) if rng.random() < 0.6 else example

    def say_otherwise(self, example: Example) -> Example:
        """Say the only reason of a conversation, where one turn alone shows it, in words of another customer."""
        showing = [place for place, turn in enumerate(example.turns) if turn.shown != Shown()]
        if len(showing) != 1 or len(example.shown.reasons) != 1:
            return example
        others = self.saying.get((example.language, next(iter(example.shown.reasons))))
        if not others:
            return example
        turns, other = list(example.turns), self.rng.choice(others)
        turns[showing[0]] = other
        return replace(example, turns=tuple(turns), shown=other.shown)
