"""Conversations as rows: turns without personal data, the tagging with its evidence, and hashes to link by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from ingest.conversations.numbers import numbers_of
from ingest.conversations.placeholders import redactions_of
from ingest.hashing import ReferenceHasher
from ingest.rows import chunks, fitted, insert_for_ids, insert_rows
from models.tables import (
    ConversationRow,
    EvidenceRow,
    RedactionRow,
    SaidReferenceRow,
    TaggingFeatureRow,
    TaggingReasonRow,
    TaggingRow,
    TurnRow,
)
from models.tags import Evidence, FeatureTag, ReasonTag, Tagging
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation, PiiKind, Redacted


class StoredOne(NamedTuple):
    """A stored conversation; ``closed`` once its words were purged or erased, and it takes in none any more."""

    id: int
    content_hash: str
    closed: bool


Known: TypeAlias = dict[str, StoredOne]
"""Stored conversations by the id that they come with."""


def known_conversations(
    session: Session, organisation_id: int, conversations: Sequence[Conversation], hasher: ReferenceHasher
) -> Known:
    """Those that are stored already, also where nothing but a hash is left to know them by."""
    row = ConversationRow
    known: Known = {}
    for ids in chunks([conversation.id for conversation in conversations]):
        came_as = {hasher.gone(id): id for id in ids} | {id: id for id in ids}
        stored = select(
            row.external_id, row.id, row.content_hash, row.words_gone_at.is_not(None) | row.numbers_gone_at.is_not(None)
        ).where(row.organisation_id == organisation_id, row.external_id.in_(came_as))
        known |= {
            came_as[given]: StoredOne(id, content, closed) for given, id, content, closed in session.execute(stored)
        }
    return known


def changed_conversations(
    conversations: Sequence[Conversation], known: Known, hasher: ReferenceHasher
) -> list[Conversation]:
    """The new ones and those whose content differs from what is stored; of several with one id the last."""
    latest = {conversation.id: conversation for conversation in conversations}.values()
    return [each for each in latest if each.id not in known or _changed(known[each.id], each, hasher)]


def _changed(stored: StoredOne, given: Conversation, hasher: ReferenceHasher) -> bool:
    return not stored.closed and stored.content_hash != content_hash(given, hasher)


def content_hash(conversation: Conversation, hasher: ReferenceHasher) -> str:
    return hasher.content([b"conversation", conversation.model_dump_json().encode()])


def insert_conversations(
    session: Session,
    organisation_id: int,
    import_id: int | None,
    hasher: ReferenceHasher,
    read: Sequence[tuple[Conversation, Redacted, Tagging]],
    *,
    known: Known,
) -> list[int]:
    """Write conversations, over those that are stored with another content, and return the row ids in order."""
    told = [numbers_of(given, redacted, tagging.language, hasher) for given, redacted, tagging in read]
    rows = [
        _columns(given, tagging, numbers, hasher) | {"organisation_id": organisation_id, "import_id": import_id}
        for (given, _, tagging), numbers in zip(read, told, strict=True)
    ]
    new = [row for row in rows if row["external_id"] not in known]
    new_ids = iter(insert_for_ids(session, ConversationRow, new, "external_id", organisation_id=organisation_id))
    ids, taken = [], []
    for row, (_, redacted, tagging), numbers in zip(rows, read, told, strict=True):
        stored = known.get(row["external_id"])
        ids.append(stored.id if stored else next(new_ids))
        if stored is None or _replace(session, stored.id, row):
            taken.append((ids[-1], redacted, tagging, numbers))
    insert_rows(session, TurnRow, [turn for id, redacted, _, _ in taken for turn in _turns(id, redacted)])
    insert_rows(session, RedactionRow, [row for id, redacted, _, _ in taken for row in redactions_of(id, redacted)])
    insert_rows(session, SaidReferenceRow, [row for id, _, _, numbers in taken for row in _said(id, numbers)])
    insert_taggings(session, [id for id, *_ in taken], [tagging for _, _, tagging, _ in taken])
    return ids


def _columns(
    given: Conversation, tagging: Tagging, told: dict[tuple[str, str], str], hasher: ReferenceHasher
) -> dict[str, Any]:
    customers = (value for kind, value in told if kind == PiiKind.CUSTOMER_NUMBER)
    return {
        "external_id": given.id,
        "content_hash": content_hash(given, hasher),
        "language": tagging.language,
        "channel": given.channel,
        "queue": given.queue,
        "started_at": given.started_at,
        "handling_seconds": given.handling_seconds,
        "customer_hash": next(customers, None),
    }


def _turns(id: int, redacted: Redacted) -> list[dict[str, Any]]:
    return [
        {"conversation_id": id, "position": position, **turn.model_dump()}
        for position, turn in enumerate(redacted.conversation.turns)
    ]


def _said(id: int, numbers: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    return [
        {"conversation_id": id, "kind": kind, "value_hash": value, "how": how} for (kind, value), how in numbers.items()
    ]


def _replace(session: Session, id: int, row: dict[str, Any]) -> bool:
    """Take out what a conversation said before; earlier taggings stay as its history.

    False where its words were purged or erased at this very moment: then nothing may be written.
    """
    alive = update(ConversationRow).where(ConversationRow.id == id, ConversationRow.words_gone_at.is_(None))
    if not cast(CursorResult[Any], session.execute(alive.values(**fitted(ConversationRow, row)))).rowcount:
        return False
    for kind in (TurnRow, RedactionRow, SaidReferenceRow):
        session.execute(delete(kind).where(kind.conversation_id == id))
    session.execute(update(TaggingRow).where(TaggingRow.conversation_id == id).values(current=False))
    return True


# ------------------------------------------------------------------------------------------- taggings


def insert_taggings(session: Session, conversation_ids: Sequence[int], taggings: Sequence[Tagging]) -> list[int]:
    """Write each tagging as the current one of its conversation and return the row ids in order."""
    now = datetime.now(UTC)
    rows = [
        {"conversation_id": id, "current": True, "created_at": now, **_tagging_columns(tagging)}
        for id, tagging in zip(conversation_ids, taggings, strict=True)
    ]
    ids = insert_for_ids(session, TaggingRow, rows, "conversation_id", current=True)
    reasons, features, evidence = [], [], []
    for id, tagging in zip(ids, taggings, strict=True):
        reasons += [{"tagging_id": id, "reason": tag.id, "confidence": tag.confidence} for tag in tagging.reasons]
        features += [{"tagging_id": id, "feature": tag.id, "confidence": tag.confidence} for tag in tagging.features]
        evidence += _evidence_rows(id, tagging)
    insert_rows(session, TaggingReasonRow, reasons)
    insert_rows(session, TaggingFeatureRow, features)
    insert_rows(session, EvidenceRow, evidence)
    return ids


def _tagging_columns(tagging: Tagging) -> dict[str, Any]:
    return {
        "primary_reason": tagging.primary,
        "confidence": tagging.confidence,
        "step": tagging.step,
        "uncertain": tagging.uncertain,
        "runner_up": tagging.runner_up,
        "probabilities": {str(reason): round(value, 5) for reason, value in tagging.probabilities.items()},
        "model_version": tagging.model_version,
    }


def _evidence_rows(tagging_id: int, tagging: Tagging) -> list[dict[str, Any]]:
    shown = [(tag.id, None, found) for tag in tagging.reasons for found in tag.evidence]
    shown_features = [(None, tag.id, found) for tag in tagging.features for found in tag.evidence]
    return [
        {"tagging_id": tagging_id, "reason": reason, "feature": feature, **vars(found)}
        for reason, feature, found in [*shown, *shown_features]
    ]


def current_taggings(session: Session, conversation_ids: Sequence[int]) -> dict[int, Tagging]:
    """The taggings that count, by conversation."""
    return {
        row.conversation_id: tagging_of(row, language)
        for ids in chunks(conversation_ids)
        for row, language in session.execute(
            select(TaggingRow, ConversationRow.language)
            .join(ConversationRow, ConversationRow.id == TaggingRow.conversation_id)
            .where(TaggingRow.conversation_id.in_(ids), TaggingRow.current)
        )
    }


def tagging_of(row: TaggingRow, language: str) -> Tagging:
    return Tagging(
        primary=Reason(row.primary_reason),
        confidence=row.confidence,
        reasons=tuple(
            ReasonTag(id=Reason(tag.reason), confidence=tag.confidence, evidence=_evidence(row, reason=tag.reason))
            for tag in row.reasons
        ),
        features=tuple(
            FeatureTag(id=Feature(tag.feature), confidence=tag.confidence, evidence=_evidence(row, feature=tag.feature))
            for tag in row.features
        ),
        step=Step(row.step) if row.step else None,
        language=language,
        uncertain=row.uncertain,
        runner_up=Reason(row.runner_up) if row.runner_up else None,
        probabilities={Reason(reason): value for reason, value in row.probabilities.items()},
        model_version=row.model_version,
    )


def _evidence(row: TaggingRow, reason: str | None = None, feature: str | None = None) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(turn=found.turn, start=found.start, end=found.end, score=found.score, because=found.because)
        for found in row.evidence
        if (found.reason, found.feature) == (reason, feature)
    )
