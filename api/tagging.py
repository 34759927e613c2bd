"""Redact, then tag: what ``POST /v1/tag``, ``tydlig tag`` and ``tydlig evaluate`` share. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from api.bodies import TaggedConversation
from ingest.tools import Redacts, Tags
from models.values import Conversation


def tag(conversations: Sequence[Conversation], tagger: Tags, redactor: Redacts) -> list[TaggedConversation]:
    """One answer a conversation, in order; the turns are the redacted ones, one for one."""
    redacted = [found.conversation for found in redactor.redact_many(conversations)]
    return [
        TaggedConversation(id=conversation.id, turns=conversation.turns, **vars(tagging))
        for conversation, tagging in zip(redacted, tagger.tag(redacted), strict=True)
    ]
