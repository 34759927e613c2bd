"""Reading the labelled data that the tagger learns from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import BadInput, BadSetting
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation

T = TypeVar("T")
CONVERSATIONS = ("train", "hinted")  # the folders of conversations to learn from, in this order


@dataclass(frozen=True)
class Utterance:
    """One customer turn with what it shows; no reasons means that it shows none."""

    text: str
    reasons: frozenset[Reason]
    features: frozenset[Feature]
    language: str


@dataclass(frozen=True)
class Labelled:
    """A conversation, its personal data replaced by placeholders, with what readers found in it."""

    conversation: Conversation
    primary: Reason
    reasons: frozenset[Reason]
    features: frozenset[Feature]
    step: Step | None
    evidence: dict[int, Utterance]


def read(folder: Path, build: Callable[[Path, dict[str, Any]], T]) -> list[T]:
    """Every line of every ``*.jsonl`` file, built; raises :class:`BadInput` with file and line where that fails."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadSetting(
            "data", f"{folder} holds no .jsonl files", "Name the folder that holds train/, hinted/ and utterances/."
        )
    return [built for path in files for built in read_lines(path, build)]


def read_lines(path: Path, build: Callable[[Path, dict[str, Any]], T]) -> Iterator[T]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield build(path, json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            remedy = "Write one JSON object a line, labelled with ids of the taxonomy."
            raise BadInput(path.name, "cannot be learnt from", remedy, line=number) from error


def hide(text: str, pii: list[dict[str, str]]) -> str:
    """Put placeholders where personal data stands, longest first, as redaction does before tagging."""
    for item in sorted(pii, key=lambda item: -len(item["text"])):
        text = text.replace(item["text"], f"[{item['type'].upper()}]")
    return text


def labelled(row: dict[str, Any]) -> Labelled:
    gold = row["gold"]
    turns = [{**turn, "text": hide(turn["text"], gold.get("pii", []))} for turn in row["turns"]]
    conversation = Conversation.model_validate({**row, "turns": turns})
    evidence = {
        item["turn"]: utterance({**item, "text": turns[item["turn"]]["text"]}, row["language"])
        for item in gold.get("evidence", [])
    }
    return Labelled(
        conversation,
        Reason(gold["primary"]),
        frozenset(map(Reason, gold["reasons"])),
        frozenset(map(Feature, gold["features"])),
        Step(gold["step"]) if gold.get("step") else None,
        evidence,
    )


def utterance(row: dict[str, Any], language: str) -> Utterance:
    reasons, features = frozenset(map(Reason, row["reasons"])), frozenset(map(Feature, row["features"]))
    return Utterance(row["text"], reasons, features, language)


def read_conversations(folder: Path) -> list[Labelled]:
    return read(folder, lambda _, row: labelled(row))


def read_utterances(folder: Path) -> list[Utterance]:
    """Files are named after their language, ``sv.jsonl`` or ``sv-2.jsonl``."""
    return read(folder, lambda path, row: utterance(row, path.stem[:2]))
