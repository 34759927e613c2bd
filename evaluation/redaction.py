"""How much personal data redaction hides, how many clean words it leaves alone, and how fast; beside Presidio's.

usage: python -m evaluation.redaction [FOLDER]      (default: evaluation/data/dev)

A labelled string counts as hidden when no word of it with three or more letters or digits is left in its turn (words
that the turn also holds elsewhere aside). A clean word is kept when it is still in its turn. Where Presidio is
installed (see evaluation/presidio.py) both read the same English rows in this process. Writes
evaluation/results/redaction.md and .json.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from evaluation import labelled, presidio
from models.speech import Speaker
from models.values import Conversation, Turn

ROOM = Path(__file__).parent
WORD = re.compile(r"\w+")
LENGTHS = (1, 10, 100)

Row = dict[str, Any]
Figures = dict[str, float | int | None]
Masker = Callable[[Sequence[Row]], list[list[str]]]  # labelled rows → the masked text of each of their turns


@dataclass
class Count:
    """Labelled strings hidden of all, clean words kept of all."""

    hidden: int = 0
    labelled: int = 0
    kept: int = 0
    clean: int = 0

    def figures(self) -> Figures:
        """Both rates with denominator and 95 % interval (Wilson)."""
        return _rate("pii_recall", self.hidden, self.labelled) | _rate("kept", self.kept, self.clean)


def _rate(name: str, hits: int, n: int) -> Figures:
    if not n:
        return {name: None, f"{name}_low": None, f"{name}_high": None, f"{name}_n": 0}
    share, z = hits / n, 1.96
    centre, reach = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((centre + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
    return {name: round(share, 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4), f"{name}_n": n}


def words(text: str) -> set[str]:
    """Lower-case words of a text."""
    return {word.lower() for word in WORD.findall(text)}


def is_hidden(secret: str, text: str, masked: str) -> bool:
    """Whether no telling word of a labelled string is left in its turn."""
    telling = {word for word in words(secret) if len(word) >= 3}
    return not (telling - words(text.replace(secret, " "))) & words(masked)


def count(rows: Iterable[Row], masked: Iterable[Sequence[str]]) -> dict[str, Figures]:
    """Figures by "all", language and, for what is labelled, each kind."""
    totals: dict[str, Count] = defaultdict(Count)
    for row, after in zip(rows, masked, strict=True):
        for turn, left in zip(row["turns"], after, strict=True):
            _count_turn(row, turn["text"], left, totals)
    return {group: totals[group].figures() for group in sorted(totals, key=_order)}


def _count_turn(row: Row, text: str, left: str, totals: dict[str, Count]) -> None:
    groups = ("all", row["language"])
    private = {word for value in row["gold"].get("neither", []) for word in words(value)}
    for item in row["gold"].get("pii", []):
        if item["text"] not in text:
            continue
        private |= words(item["text"])
        for group in (*groups, item["type"]):
            totals[group].labelled += 1
            totals[group].hidden += is_hidden(item["text"], text, left)
    clean = words(text) - private
    for group in groups:
        totals[group].clean += len(clean)
        totals[group].kept += len(clean & words(left))


def _order(group: str) -> tuple[bool, bool, str]:
    return group != "all", len(group) != 2, group


def measure(rows: Sequence[Row], mask: Masker) -> dict[str, Any]:
    """Figures of labelled rows under one way of masking, and its turns a second."""
    mask(rows[:1])
    start = time.perf_counter()
    masked = mask(rows)
    seconds = time.perf_counter() - start
    turns = sum(len(row["turns"]) for row in rows)
    rate = round(turns / seconds)
    return {"conversations": len(rows), "turns": turns, "turns_per_second": rate, "groups": count(rows, masked)}


def ours(redactor: Redactor) -> Masker:
    """Tydlig's redaction of labelled rows."""

    def mask(rows: Sequence[Row]) -> list[list[str]]:
        fields = ({k: v for k, v in row.items() if k != "gold"} | {"id": str(i)} for i, row in enumerate(rows))
        redacted = redactor.redact_many([Conversation.model_validate(field) for field in fields])
        return [[turn.text for turn in one.conversation.turns] for one in redacted]

    return mask


def beside(redactor: Redactor, other: presidio.Presidio) -> list[dict[str, Any]]:
    """Both on the same English rows, set by set."""
    sets = {
        "our own conversations in English (dev)": labelled.own(ROOM / "data" / "dev", "en"),
        "presidio-research, synthetic sentences (every third)": labelled.english_sentences()[::3],
        "Presidio's tests of Swedish and Finnish identity numbers "
        "(mistyped ones count as clean words)": labelled.nordic_numbers(),
    }

    def theirs(rows: Sequence[Row]) -> list[list[str]]:
        return [other.mask([turn["text"] for turn in row["turns"]]) for row in rows]

    return [
        {"data": name, "tydlig": measure(rows, ours(redactor)), "presidio": measure(rows, theirs)}
        for name, rows in sets.items()
    ]


def by_length(redactor: Redactor, rows: Sequence[Row]) -> dict[str, float]:
    """Microseconds a word of one conversation as long as two of these, and of 10 and 100 times that length."""
    turns = tuple(
        Turn(speaker=Speaker(turn["speaker"]), text=turn["text"]) for row in rows[:2] for turn in row["turns"]
    )
    spent = {}
    for times in LENGTHS:
        conversation = Conversation(id="long", turns=turns * times, language=rows[0]["language"])
        read = sum(len(turn.text.split()) for turn in conversation.turns)
        redactor.redact(conversation.model_copy(update={"turns": turns}))
        start = time.perf_counter()
        redactor.redact(conversation)
        spent[f"{read} words"] = round((time.perf_counter() - start) / read * 1e6, 1)
    return spent


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    lines = [
        "# Redaction",
        "",
        f"`python -m evaluation.redaction` on `{report['data']}`: {report['conversations']} conversations, "
        f"{report['turns']} turns, {report['turns_per_second']} turns a second on this machine. "
        "In brackets 95 % intervals and how many were counted.",
        "",
        "| | personal data hidden | clean words kept |",
        "|---|---|---|",
        *(f"| {group} | {_cell(f, 'pii_recall')} | {_cell(f, 'kept')} |" for group, f in report["groups"].items()),
        "",
        "Microseconds a word, by the length of the conversation: "
        + ", ".join(f"{length} {spent}" for length, spent in report["microseconds_a_word"].items())
        + ".",
    ]
    if report["beside"]:
        lines += ["", *_beside_presidio(report)]
    return "\n".join(lines) + "\n"


def _beside_presidio(report: dict[str, Any]) -> Iterable[str]:
    yield from (
        "## Beside Presidio",
        "",
        f"{report['presidio']}, all its default recognisers but dates, in the same process on the same rows.",
    )
    for one in report["beside"]:
        tydlig, other = one["tydlig"], one["presidio"]
        ratio = tydlig["turns_per_second"] / max(1, other["turns_per_second"])
        yield from (
            "",
            f"### {one['data']}",
            "",
            f"{tydlig['conversations']} rows, {tydlig['turns']} turns; turns a second: Tydlig "
            f"{tydlig['turns_per_second']}, Presidio {other['turns_per_second']} ({ratio:.0f} times as many).",
            "",
            "| | Tydlig | Presidio |",
            "|---|---|---|",
        )
        rows = [(group, "hidden", "pii_recall") for group in tydlig["groups"] if len(group) != 2]
        for group, what, name in (*rows, ("all", "clean words kept", "kept")):
            cells = (_cell(side["groups"][group], name) for side in (tydlig, other))
            yield f"| {f'{group} ' * (name != 'kept')}{what} | {' | '.join(cells)} |"


def _cell(figures: dict[str, Any], name: str) -> str:
    if figures[name] is None:
        return "–"
    return f"{figures[name]:.3f} ({figures[f'{name}_low']:.3f}–{figures[f'{name}_high']:.3f}, n={figures[f'{name}_n']})"


def main(arguments: list[str]) -> None:
    """Measure, print and store."""
    folder = Path(arguments[0]) if arguments else ROOM / "data" / "dev"
    rows, redactor, other = labelled.own(folder), Redactor.from_folder(REDACTION_WEIGHTS), presidio.load()
    if other is None:
        print("Presidio is not installed: its column is left out (see evaluation/presidio.py).")
    report = {"data": folder.name} | measure(rows, ours(redactor))
    report["microseconds_a_word"] = by_length(redactor, rows)
    report["presidio"] = other.name if other is not None else None
    report["beside"] = beside(redactor, other) if other is not None else []
    results = ROOM / "results"
    results.mkdir(exist_ok=True)
    (results / "redaction.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (results / "redaction.md").write_text(table(report), encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main(sys.argv[1:])
