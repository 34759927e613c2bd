"""Erasure on request, for programs; the same as ``tydlig erase``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request

from api import examples
from api.bodies import ErasureRequest, Review
from api.dependencies import OneTransaction, Organisation, may_review
from api.errors import documented
from ingest.privacy.erasure import erase_conversation, erase_customer
from ingest.privacy.key import open_hasher
from ingest.privacy.retention import retention
from ingest.privacy.review import record_review, sample
from insights.erasures import list_erasures
from insights.reviews import review_figures
from models.database import transaction
from models.privacy import Erasure, Retention, ReviewFigures, ReviewItem
from models.tables import OrganisationRow

router = APIRouter(tags=["privacy"])

DOOR = "api"


@router.post("/erasures", status_code=201, summary="Erase a customer or a conversation", responses=documented(401, 503))
def erase(asked: Annotated[ErasureRequest, Body(openapi_examples=examples.ERASURE)], request: Request) -> Erasure:
    """Erase words, ids and hashes for good; tags, days and sums stay, without a way back to the person.

    The same files imported again do not bring them back. Asked a second time nothing is found, and the counts are 0.
    """
    state = request.app.state
    hasher = open_hasher(state.engine, state.settings.key_file)
    where = state.engine, state.organisation_id, hasher
    now = datetime.now(UTC)
    if asked.customer_number is not None:
        return erase_customer(*where, asked.customer_number, DOOR, now)
    return erase_conversation(*where, asked.conversation or "", DOOR, now)


@router.get("/erasures", summary="What was erased on request", responses=documented(401))
def get_erasures(session: OneTransaction, organisation: Organisation) -> list[Erasure]:
    """Every erasure, newest first: when, by which door and how much. Nothing tells whose it was."""
    return list_erasures(session, organisation)


@router.get("/retention", summary="How long data is kept", responses=documented(401))
def get_retention(organisation: Organisation) -> list[Retention]:
    """The days of each class of data; without days it is kept until it is erased. `tydlig retention` sets them."""
    return retention(organisation)


@router.get(
    "/reviews/sample",
    summary="Redacted conversations to look through",
    dependencies=[Depends(may_review)],
    responses=documented(401, 403),
)
def get_review_sample(
    session: OneTransaction,
    organisation: Organisation,
    size: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 5,
) -> list[ReviewItem]:
    """Drawn by chance among those nobody looked through, with kind, place, score and cause of every placeholder.

    What stood in a placeholder's place was never stored.
    """
    return sample(session, organisation.id, size)


@router.post(
    "/reviews",
    status_code=201,
    summary="Record what a reviewer found",
    dependencies=[Depends(may_review)],
    responses=documented(401, 403, 404),
)
def add_review(found: Annotated[Review, Body(openapi_examples=examples.REVIEW)], request: Request) -> ReviewFigures:
    """No leftovers mean that nothing was left. What is marked gives way to a placeholder at once, for good.

    The answer counts all reviews, this one included.
    """
    engine, organisation_id = request.app.state.engine, request.app.state.organisation_id
    record_review(engine, organisation_id, found.conversation_id, found.reviewer, found.leftovers, datetime.now(UTC))
    with transaction(engine) as session:
        return review_figures(session, session.get_one(OrganisationRow, organisation_id))


@router.get("/reviews", summary="In how many turns something was left", responses=documented(401))
def get_reviews(session: OneTransaction, organisation: Organisation) -> ReviewFigures:
    """The share of reviewed turns in which people found personal data, with its 95 % interval, and by kind how much."""
    return review_figures(session, organisation)
