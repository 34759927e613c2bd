"""How much personal data redaction hides, how many clean words it leaves alone, and how fast.

usage: python -m evaluation.redaction [FOLDER]      (default: evaluation/data/dev)

A labelled string counts as hidden when no word of it with three or more letters or digits is left in its turn (words
that the turn also holds elsewhere aside). A clean word is kept when it is still in its turn. Writes
evaluation/results/redaction.md and .json.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from models.values import Conversation, Redacted

ROOM = Path(__file__).parent
WORD = re.compile(r"\w+")


@dataclass
class Count:
    """Labelled strings hidden of all, clean words kept of all."""

    hidden: int = 0
    labelled: int = 0
    kept: int = 0
    clean: int = 0

    def figures(self) -> dict[str, float | int | None]:
        """Both rates with denominator and 95 % interval (Wilson)."""
        return _rate("pii_recall", self.hidden, self.labelled) | _rate("kept", self.kept, self.clean)


def _rate(name: str, hits: int, n: int) -> dict[str, float | int | None]:
    if not n:
        return {name: None, f"{name}_low": None, f"{name}_high": None, f"{name}_n": 0}
    share, z = hits / n, 1.96
    centre, reach = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((centre + sign * reach) / (1 + z * z / n) for sign in (-1, 1))
    return {name: round(share, 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4), f"{name}_n": n}


def words(text: str) -> set[str]:
    """Lower-case words of a text."""
    return {word.lower() for word in WORD.findall(text)}


def count(row: dict[str, Any], redacted: Redacted) -> dict[str, Count]:
    """Counts of one labelled conversation, by "all", its language and, for what is labelled, each kind."""
    counts: dict[str, Count] = defaultdict(Count)
    groups = ("all", row["language"])
    for turn, after in zip(row["turns"], redacted.conversation.turns, strict=True):
        text, left = turn["text"], words(after.text)
        private: set[str] = set()
        for item in row["gold"].get("pii", []):
            if item["text"] not in text:
                continue
            private |= words(item["text"])
            telling = {word for word in words(item["text"]) if len(word) >= 3}
            elsewhere = words(text.replace(item["text"], " "))
            for group in (*groups, item["type"]):
                counts[group].labelled += 1
                counts[group].hidden += not (telling - elsewhere) & left
        clean = words(text) - private
        for group in groups:
            counts[group].clean += len(clean)
            counts[group].kept += len(clean & left)
    return counts


def measure(folder: Path) -> dict[str, Any]:
    """Figures of all labelled conversations in a folder of ``.jsonl`` files."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl")))
    lines = (line for text in texts for line in text.splitlines())
    rows = [json.loads(line) for line in lines if line.strip()]
    conversations = [Conversation.model_validate({k: v for k, v in row.items() if k != "gold"}) for row in rows]
    redactor = Redactor.from_folder(REDACTION_WEIGHTS)
    redactor.redact(conversations[0])
    start = time.perf_counter()
    redacted = redactor.redact_many(conversations)
    seconds = time.perf_counter() - start
    totals: dict[str, Count] = defaultdict(Count)
    for row, result in zip(rows, redacted, strict=True):
        for group, add in count(row, result).items():
            total = totals[group]
            total.hidden, total.labelled = total.hidden + add.hidden, total.labelled + add.labelled
            total.kept, total.clean = total.kept + add.kept, total.clean + add.clean
    turns = sum(len(row["turns"]) for row in rows)
    return {
        "data": folder.name,
        "conversations": len(rows),
        "turns": turns,
        "turns_per_second": round(turns / seconds),
        "groups": {group: totals[group].figures() for group in sorted(totals, key=_order)},
    }


def _order(group: str) -> tuple[bool, bool, str]:
    return group != "all", len(group) != 2, group


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
    ]
    lines += [f"| {group} | {_cell(f, 'pii_recall')} | {_cell(f, 'kept')} |" for group, f in report["groups"].items()]
    return "\n".join(lines) + "\n"


def _cell(figures: dict[str, Any], name: str) -> str:
    if figures[name] is None:
        return "–"
    return f"{figures[name]:.3f} ({figures[f'{name}_low']:.3f}–{figures[f'{name}_high']:.3f}, n={figures[f'{name}_n']})"


def main(arguments: list[str]) -> None:
    """Measure, print and store."""
    report = measure(Path(arguments[0]) if arguments else ROOM / "data" / "dev")
    results = ROOM / "results"
    results.mkdir(exist_ok=True)
    (results / "redaction.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (results / "redaction.md").write_text(table(report), encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main(sys.argv[1:])
