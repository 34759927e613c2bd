"""The conversations that speed is measured on, without personal data but for the files that ``tydlig tag`` reads."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.scoring import Labelled as Judgeable
from classify.training.corpus import Labelled, read_conversations
from models.values import Conversation, Turn

DATA = Path(__file__).parent / "data"


def learnt() -> list[Labelled]:
    """The conversations that the taggers learnt from."""
    return read_conversations(DATA / "train") + read_conversations(DATA / "hinted")


def lines(*folders: str) -> list[str]:
    paths = [path for folder in folders for path in sorted((DATA / folder).glob("*.jsonl"))]
    return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def unseen() -> list[Judgeable]:
    """The conversations that no tagger learnt from, personal data and all."""
    return [Judgeable.model_validate_json(line) for line in lines("dev")]


def redacted(conversations: Sequence[Conversation]) -> list[Conversation]:
    redactor = Redactor.from_folder(REDACTION_WEIGHTS)
    return [found.conversation for found in redactor.redact_many(conversations)]


def write_lines(path: Path, count: int) -> Path:
    """As many conversations as wanted, over and over the same ones."""
    known = [line for line in lines("train", "dev") if line.strip()]
    path.write_text("\n".join(islice(cycle(known), count)) + "\n", encoding="utf-8")
    return path


def shuffled(count: int, seed: int = 0) -> Iterator[Conversation]:
    """As long as real ones, each turn drawn from all of its language and speaker: no two are alike."""
    known = [one.conversation for one in learnt()]
    said: dict[tuple[str | None, str], list[Turn]] = defaultdict(list)
    for conversation in known:
        for turn in conversation.turns:
            said[conversation.language, turn.speaker].append(turn)
    chance = random.Random(seed)
    for number in range(count):
        like = chance.choice(known)
        turns = tuple(chance.choice(said[like.language, turn.speaker]) for turn in like.turns)
        yield like.model_copy(update={"id": f"shuffled-{number}", "turns": turns})


def long_conversations(conversations: Sequence[Conversation], turns: int) -> list[Conversation]:
    """Neighbours in the same language joined and cut to so many turns; what is left over is dropped."""
    joined: dict[str | None, list[Turn]] = defaultdict(list)
    for conversation in conversations:
        joined[conversation.language] += conversation.turns
    return [
        Conversation(id=f"long-{language}-{first}", language=language, turns=tuple(said[first : first + turns]))
        for language, said in joined.items()
        for first in range(0, len(said) - turns + 1, turns)
    ]
