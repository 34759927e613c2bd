"""Conversations as rows: turns without personal data, the tagging with its evidence, and hashes to link by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ingest.conversations.numbers import numbers_of
from ingest.hashing import ReferenceHasher
from ingest.rows import chunks, fitted, insert_for_ids, insert_rows
from models.tables import (
    ConversationRow,
    EvidenceRow,
    SaidReferenceRow,
    TaggingFeatureRow,
    TaggingReasonRow,
    TaggingRow,
    TurnRow,
)
from models.taxonomy import Feature, Reason, Step
from models.values import Conversation, Evidence, FeatureTag, PiiKind, ReasonTag, Redacted, Tagging

Known: TypeAlias = dict[str, tuple[int, str]]
"""Row id and content hash of stored conversations by their external id."""


def known_conversations(session: Session, organisation_id: int, conversations: Sequence[Conversation]) -> Known:
    """Those that are stored already."""
    known: Known = {}
    for ids in chunks([conversation.id for conversation in conversations]):
        stored = select(ConversationRow.external_id, ConversationRow.id, ConversationRow.content_hash).where(
            ConversationRow.organisation_id == organisation_id, ConversationRow.external_id.in_(ids)
        )
        known |= {external_id: (id, content) for external_id, id, content in session.execute(stored)}
    return known


def changed_conversations(
    conversations: Sequence[Conversation], known: Known, hasher: ReferenceHasher
) -> list[Conversation]:
    """The new ones and those whose content differs from what is stored; of several with one id the last."""
    latest = {conversation.id: conversation for conversation in conversations}.values()
    return [each for each in latest if known.get(each.id, (0, ""))[1] != content_hash(each, hasher)]


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
    ids = []
    for row in rows:
        stored_id, _ = known.get(row["external_id"], (None, ""))
        if stored_id is not None:
            _replace(session, stored_id, row)
        ids.append(next(new_ids) if stored_id is None else stored_id)
    insert_rows(session, TurnRow, [turn for id, each in zip(ids, read, strict=True) for turn in _turns(id, each[1])])
    insert_rows(session, SaidReferenceRow, [row for id, each in zip(ids, told, strict=True) for row in _said(id, each)])
    insert_taggings(session, ids, [tagging for _, _, tagging in read])
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


def _replace(session: Session, id: int, row: dict[str, Any]) -> None:
    """Take out what a conversation said before; earlier taggings stay as its history."""
    for kind in (TurnRow, SaidReferenceRow):
        session.execute(delete(kind).where(kind.conversation_id == id))
    session.execute(update(TaggingRow).where(TaggingRow.conversation_id == id).values(current=False))
    session.execute(update(ConversationRow).where(ConversationRow.id == id).values(**fitted(ConversationRow, row)))


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
        {"tagging_id": tagging_id, "reason": reason, "feature": feature, **found.model_dump()}
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
