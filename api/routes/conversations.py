"""Conversations in, stored ones out, and a person's word against the model's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from api import examples
from api.bodies import Correction, OneOrMany, StoredConversation
from api.dependencies import Loaded, Narrowed, OneTransaction, Organisation
from api.errors import Responses, documented
from ingest.correction import correct
from ingest.pipeline import Stored, store_conversations
from insights.conversations import conversation, list_conversations
from models.stored import ConversationDetail, ConversationPage

router = APIRouter(tags=["conversations"])

KNOWN_ALREADY: Responses = {
    200: {"description": "All were known already", "model": StoredConversation | list[StoredConversation]}
}
ConversationId = Annotated[int, Path(description="The id that Tydlig gave.", ge=1, le=2**31 - 1)]


@router.post(
    "/conversations",
    status_code=201,
    summary="Store one conversation or many",
    responses=KNOWN_ALREADY | documented(401, 409, 413),
)
def add_conversations(
    sent: Annotated[OneOrMany, Body(openapi_examples=examples.ONE_OR_MANY)],
    session: OneTransaction,
    organisation: Organisation,
    tools: Loaded,
    response: Response,
) -> StoredConversation | list[StoredConversation]:
    """Take personal data out, tag, link to the invoice it is about, and store. All are stored or none.

    What is stored already is left as it is and answered with the outcome `duplicate`, so the same request can be sent
    again safely; other content under a known `id` replaces it. An object is answered with one, a list with a list.
    """
    stored = store_conversations(session, organisation.id, sent if isinstance(sent, list) else [sent], tools)
    if all(one.outcome == "duplicate" for one in stored):
        response.status_code = 200
    answers = [_answer(one) for one in stored]
    return answers if isinstance(sent, list) else answers[0]


def _answer(stored: Stored) -> StoredConversation:
    return StoredConversation(
        id=stored.id,
        external_id=stored.external_id,
        outcome=stored.outcome,
        primary=stored.tagging.primary,
        confidence=stored.tagging.confidence,
    )


@router.get("/conversations", summary="List conversations", responses=documented(401))
def get_conversations(
    session: OneTransaction,
    organisation: Organisation,
    filter: Narrowed,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to leave out from the start.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="How many to answer with at most.")] = 50,
) -> ConversationPage:
    """The newest first, each with its primary reason and the customer's words that show it."""
    return list_conversations(session, organisation, filter, offset=offset, limit=limit)


@router.get("/conversations/{id}", summary="Read one conversation", responses=documented(401, 404))
def get_conversation(id: ConversationId, session: OneTransaction, organisation: Organisation) -> ConversationDetail:
    """The redacted turns, every tag with its evidence, and the invoice it is about with that invoice's life."""
    return conversation(session, organisation, id)


@router.post(
    "/conversations/{id}/corrections", status_code=201, summary="Correct the tags", responses=documented(401, 404)
)
def correct_conversation(
    id: ConversationId,
    correction: Annotated[Correction, Body(openapi_examples=examples.CORRECTION)],
    session: OneTransaction,
    organisation: Organisation,
) -> ConversationDetail:
    """From now on the figures count these tags. What the model said is kept, and who corrected it and when."""
    correct(
        session,
        organisation.id,
        id,
        correction.primary,
        correction.reasons,
        correction.features,
        correction.step,
        correction.author,
    )
    session.flush()
    session.expire_all()
    return conversation(session, organisation, id)
