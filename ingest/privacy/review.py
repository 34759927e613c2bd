"""A person looks through redacted conversations; personal data that was left is masked at once and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Engine, exists, func, select
from sqlalchemy.orm import Session

from models.database import overwrite_deleted, transaction
from models.errors import BadInput, NotFound
from models.privacy import Leftover, RedactedTurn, ReviewItem, StoredRedaction
from models.speech import Speaker
from models.tables import ConversationRow, EvidenceRow, RedactionRow, ReviewRow, TaggingRow, TurnRow
from models.values import PiiKind

BY_A_REVIEWER = "a reviewer marked it"
WITH_WORDS = ("turn", "evidence", "redaction")


def sample(session: Session, organisation_id: int, size: int) -> list[ReviewItem]:
    """Conversations drawn by chance among those that have words and that nobody looked through."""
    seen = exists().where(ReviewRow.conversation_id == ConversationRow.id)
    rows = session.scalars(
        select(ConversationRow)
        .where(ConversationRow.organisation_id == organisation_id, ConversationRow.words_gone_at.is_(None), ~seen)
        .order_by(func.random())
        .limit(size)
    )
    return [_item(session, row) for row in rows]


def record_review(
    engine: Engine,
    organisation_id: int,
    conversation_id: int,
    reviewer: str,
    leftovers: Sequence[Leftover],
    now: datetime,
) -> None:
    """Record what a reviewer found, nothing or something, and put placeholders in place of it in the stored turns.

    Raises ``NotFound``, and ``BadInput`` for a place that does not lie in a turn or overlaps another.
    """
    with transaction(engine) as session:
        turns = _turns(session, organisation_id, conversation_id)
        for leftover in _from_the_end(leftovers, turns):
            _mask(session, turns[leftover.turn], leftover)
        session.add(
            ReviewRow(
                conversation_id=conversation_id,
                reviewer=reviewer.replace("\0", " ")[:100],
                turns=len(turns),
                turns_with_leftovers=len({leftover.turn for leftover in leftovers}),
                leftovers=dict(Counter(leftover.kind.value for leftover in leftovers)),
                created_at=now,
            )
        )
    if leftovers:
        overwrite_deleted(engine, WITH_WORDS, compact=True)


def _item(session: Session, row: ConversationRow) -> ReviewItem:
    query = select(RedactionRow).where(RedactionRow.conversation_id == row.id).order_by(RedactionRow.start)
    redactions = session.scalars(query).all()
    turns = (
        RedactedTurn(
            position=turn.position,
            speaker=Speaker(turn.speaker),
            text=turn.text,
            redactions=tuple(_stored(one) for one in redactions if one.turn == turn.position),
        )
        for turn in row.turns
    )
    return ReviewItem(conversation_id=row.id, language=row.language, turns=tuple(turns))


def _stored(row: RedactionRow) -> StoredRedaction:
    return StoredRedaction(kind=PiiKind(row.kind), start=row.start, end=row.end, score=row.score, because=row.because)


def _turns(session: Session, organisation_id: int, conversation_id: int) -> dict[int, TurnRow]:
    query = (
        select(TurnRow)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(ConversationRow.id == conversation_id, ConversationRow.organisation_id == organisation_id)
    )
    turns = {row.position: row for row in session.scalars(query.with_for_update(of=TurnRow))}
    if not turns:
        raise NotFound("conversation with words", str(conversation_id))
    return turns


def _from_the_end(leftovers: Sequence[Leftover], turns: dict[int, TurnRow]) -> list[Leftover]:
    """The last first, so that the places of the others stay right."""
    ordered = sorted(leftovers, key=lambda leftover: (leftover.turn, leftover.start))
    for leftover in ordered:
        if leftover.turn not in turns or not leftover.start < leftover.end <= len(turns[leftover.turn].text):
            raise BadInput("review", f"turn {leftover.turn} has no such place", "Give start and end in its text.")
    for first, second in pairwise(ordered):
        if first.turn == second.turn and second.start < first.end:
            raise BadInput("review", f"two places in turn {first.turn} overlap", "Give one that covers both.")
    return ordered[::-1]


def _mask(session: Session, turn: TurnRow, leftover: Leftover) -> None:
    """Put the placeholder into the text and move what points behind it."""
    placeholder = f"[{leftover.kind.name}]"
    after = leftover.start + len(placeholder)
    turn.text = f"{turn.text[: leftover.start]}{placeholder}{turn.text[leftover.end :]}"
    taggings = select(TaggingRow.id).where(TaggingRow.conversation_id == turn.conversation_id)
    evidence = select(EvidenceRow).where(EvidenceRow.tagging_id.in_(taggings), EvidenceRow.turn == turn.position)
    mine = RedactionRow.conversation_id == turn.conversation_id, RedactionRow.turn == turn.position
    for row in (*session.scalars(evidence), *session.scalars(select(RedactionRow).where(*mine))):
        row.start = _moved(row.start, leftover, inside=leftover.start, after=after)
        row.end = _moved(row.end, leftover, inside=after, after=after)
    session.add(
        RedactionRow(
            conversation_id=turn.conversation_id,
            turn=turn.position,
            start=leftover.start,
            end=after,
            kind=leftover.kind,
            score=1,
            because=BY_A_REVIEWER,
        )
    )
    session.flush()


def _moved(at: int, leftover: Leftover, *, inside: int, after: int) -> int:
    if at <= leftover.start:
        return at
    return inside if at < leftover.end else at - leftover.end + after
