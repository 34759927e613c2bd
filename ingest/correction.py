"""A person puts a tag right: the correction becomes the tagging that counts, the one before it stays as history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.conversations.store import insert_taggings, tagging_of
from ingest.linking import link_conversations
from models.errors import BadInput, NotFound
from models.tables import ConversationRow, CorrectionRow, TaggingRow
from models.tags import FeatureTag, ReasonTag, Tagging
from models.taxonomy import Feature, Reason, Step

BY_A_PERSON = "person"


def correct(
    session: Session,
    organisation_id: int,
    conversation_id: int,
    primary: Reason,
    reasons: Sequence[Reason],
    features: Sequence[Feature],
    step: Step | None,
    author: str,
) -> int:
    """Store a person's reading and return its tagging's id. The evidence of tags that stay is kept.

    Raises ``NotFound``, and ``BadInput`` where ``not_billing`` stands beside another reason.
    """
    conversation = session.scalar(
        select(ConversationRow).where(
            ConversationRow.id == conversation_id, ConversationRow.organisation_id == organisation_id
        )
    )
    if conversation is None:
        raise NotFound("conversation", str(conversation_id))
    raised = list(dict.fromkeys((primary, *reasons)))
    if Reason.NOT_BILLING in raised and len(raised) > 1:
        raise BadInput("correction", "not_billing never stands beside another reason", "Choose either.")
    before = session.scalars(
        select(TaggingRow).where(TaggingRow.conversation_id == conversation_id, TaggingRow.current)
    ).one()
    after = _corrected(tagging_of(before, conversation.language), raised, list(dict.fromkeys(features)), step)
    before.current = False
    session.flush()
    (after_id,) = insert_taggings(session, [conversation_id], [after])
    session.add(
        CorrectionRow(
            conversation_id=conversation_id,
            before_id=before.id,
            after_id=after_id,
            author=author.replace("\0", " ")[:100],
            created_at=datetime.now(UTC),
        )
    )
    session.flush()
    link_conversations(session, organisation_id, [conversation_id])
    return after_id


def _corrected(before: Tagging, reasons: list[Reason], features: list[Feature], step: Step | None) -> Tagging:
    shown_reasons = {tag.id: tag.evidence for tag in before.reasons}
    shown_features = {tag.id: tag.evidence for tag in before.features}
    return Tagging(
        primary=reasons[0],
        confidence=1,
        reasons=tuple(ReasonTag(id=id, confidence=1, evidence=shown_reasons.get(id, ())) for id in reasons),
        features=tuple(FeatureTag(id=id, confidence=1, evidence=shown_features.get(id, ())) for id in features),
        step=step,
        language=before.language,
        model_version=BY_A_PERSON,
    )
