"""A conversation's words cut at the evidence, so that each stretch knows which tags it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.language import Texts
from dashboard.paint import MUTED, TAGS
from models.stored import ConversationDetail, StoredTurn, Tag
from models.tags import Evidence
from models.taxonomy import Feature, Reason


@dataclass(frozen=True)
class Shown:
    """A tag as a reader sees it."""

    tag: Tag
    kind: str
    label: str
    about: str
    colour: str

    @property
    def key(self) -> str:
        return self.tag.id


@dataclass(frozen=True)
class Stretch:
    """Words of a turn with the tags they show; ``in_focus`` where they show the tag that was asked for."""

    text: str
    marks: tuple[tuple[Shown, Evidence], ...]
    in_focus: bool


@dataclass(frozen=True)
class Spoken:
    turn: StoredTurn
    stretches: tuple[Stretch, ...]

    @property
    def shows_something(self) -> bool:
        return any(stretch.marks for stretch in self.stretches)


def tags(detail: ConversationDetail, t: Texts) -> list[Shown]:
    """Reasons first, each in a colour of its own; features in grey."""
    reasons = [
        Shown(tag, "reason", t.name(Reason(tag.id)), t.about(Reason(tag.id)), TAGS[n % len(TAGS)])
        for n, tag in enumerate(detail.reasons)
    ]
    features = [
        Shown(tag, "feature", t.name(Feature(tag.id)), t.about(Feature(tag.id)), MUTED) for tag in detail.features
    ]
    return reasons + features


def turns(detail: ConversationDetail, tags: Sequence[Shown], asked: str | None) -> list[Spoken]:
    """Every turn in stretches. Words that show ``asked`` are in focus, else those of the primary reason."""
    shown = {tag.key for tag in tags if tag.tag.evidence}
    focus = asked if asked in shown else detail.summary.primary
    return [Spoken(turn, tuple(cut(turn, tags, focus))) for turn in detail.turns]


def cut(turn: StoredTurn, tags: Sequence[Shown], focus: str) -> list[Stretch]:
    found = [(tag, e) for tag in tags for e in tag.tag.evidence if e.turn == turn.position and e.start < e.end]
    inside = {at for _, e in found for at in (e.start, e.end) if 0 < at < len(turn.text)}
    edges = [0, *sorted(inside), len(turn.text)]
    stretches = []
    for start, end in pairwise(edges):
        marks = tuple((tag, e) for tag, e in found if e.start <= start and end <= e.end)
        stretches.append(Stretch(turn.text[start:end], marks, any(tag.key == focus for tag, _ in marks)))
    return stretches


def opening(spoken: Sequence[Spoken]) -> int:
    """How many turns come before the one that leads up to the first words that show something."""
    first = next((n for n, one in enumerate(spoken) if one.shows_something), 0)
    return max(first - 1, 0)
