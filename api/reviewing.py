"""``tydlig review``: shows redacted conversations one after another and asks whether something was left."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.text import Text

from api.database import open_database
from api.settings import Settings
from api.terminal import stdout
from ingest.privacy.review import record_review, sample
from insights.reviews import review_figures
from models.database import transaction
from models.privacy import Leftover, RedactedTurn, ReviewFigures, ReviewItem
from models.tables import OrganisationRow
from models.values import PiiKind

HOW = "Was something left? Type: TURN KIND THE WORDS, for example: 3 person kim. An empty line ends this conversation."


def review_and_report(settings: Settings, reviewer: str, size: int) -> None:
    """Ask about each drawn conversation, record the answers at once, and show the share of turns with leftovers."""
    engine, organisation_id = open_database(settings)
    with transaction(engine) as session:
        drawn = sample(session, organisation_id, size)
    for number, item in enumerate(drawn, 1):
        stdout.rule(f"{number} of {len(drawn)}")
        for turn in item.turns:
            stdout.print(_shown(turn))
        found = _ask(item)
        record_review(engine, organisation_id, item.conversation_id, reviewer, found, datetime.now(UTC))
    with transaction(engine) as session:
        figures = review_figures(session, session.get_one(OrganisationRow, organisation_id))
    engine.dispose()
    stdout.print(said(figures), soft_wrap=True)


def _shown(turn: RedactedTurn) -> Text:
    line = Text(f"{turn.position} {turn.speaker}: ", style="dim")
    start = len(line)
    line.append(turn.text, style="default")
    for one in turn.redactions:
        line.stylize("reverse", start + one.start, start + one.end)
    told = "; ".join(f"{one.kind} {one.score:.2f} {one.because}" for one in turn.redactions)
    return line.append(f"  ({told})", style="dim") if told else line


def _ask(item: ReviewItem) -> list[Leftover]:
    typer.echo(HOW)
    found: list[Leftover] = []
    while answer := typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        leftover = _read(answer, item)
        if leftover is None or any(leftover.turn == one.turn and _overlap(leftover, one) for one in found):
            kinds = ", ".join(PiiKind)
            typer.echo(f"No such words there, or marked already. Kinds: {kinds}.")
        else:
            found.append(leftover)
    return found


def _read(answer: str, item: ReviewItem) -> Leftover | None:
    """The first place of the words in the turn, or none where the answer does not fit."""
    turn, _, rest = answer.partition(" ")
    kind, _, words = rest.partition(" ")
    texts = {str(one.position): one.text for one in item.turns}
    start = texts.get(turn, "").lower().find(words.strip().lower()) if words.strip() else -1
    if start < 0 or kind not in list(PiiKind):
        return None
    return Leftover(turn=int(turn), start=start, end=start + len(words.strip()), kind=PiiKind(kind))


def _overlap(one: Leftover, other: Leftover) -> bool:
    return one.start < other.end and other.start < one.end


def said(figures: ReviewFigures) -> str:
    share = figures.turns_with_leftovers
    if share.value is None:
        return "Nothing was reviewed yet."
    kinds = ", ".join(f"{kind} {count}" for kind, count in figures.by_kind.items())
    return (
        f"Something was left in {share.count} of {share.denominator} turns that were reviewed: "
        f"{share.value:.2f} % (95 %: {share.low:.2f} to {share.high:.2f} %)." + (f" By kind: {kinds}." if kinds else "")
    )
