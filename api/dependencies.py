"""What routes are handed: a session that is one transaction, the organisation, the filter and the tools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hmac import compare_digest
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Query, Request
from pydantic import AfterValidator
from sqlalchemy.orm import Session

from ingest.conversations.record import EARLIEST, LATEST
from ingest.tools import Tools
from models.database import transaction
from models.errors import BadInput
from models.filters import Filter
from models.speech import Channel
from models.tables import OrganisationRow
from models.taxonomy import Feature, Reason, Step
from models.values import DocumentType


def open_session(request: Request) -> Iterator[Session]:
    with transaction(request.app.state.engine) as session:
        yield session


# "function": committed before the answer is sent, so that nothing is confirmed that was not stored.
OneTransaction = Annotated[Session, Depends(open_session, scope="function")]


def find_organisation(request: Request, session: OneTransaction) -> OrganisationRow:
    return session.get_one(OrganisationRow, request.app.state.organisation_id)


def loaded_tools(request: Request) -> Tools:
    """Tagger, redactor and hasher; waits while they are still being loaded."""
    tools: Tools = request.app.state.tools.result()
    return tools


def may_review(
    request: Request,
    x_review_key: Annotated[str, Header(description="The key of reviewers, TYDLIG_REVIEW_KEY.")] = "",
) -> None:
    """Reviewers have a key of their own; without any key set, only this machine is answered and may review."""
    settings = request.app.state.settings
    if settings.review_key is None and settings.api_key is not None:
        raise HTTPException(403, "Reviewing is off: TYDLIG_REVIEW_KEY is not set.")
    wanted = settings.review_key.get_secret_value() if settings.review_key else ""
    if not compare_digest(x_review_key.encode(), wanted.encode()):
        raise HTTPException(403, "Send the key of reviewers as: X-Review-Key: KEY")


def _in_our_times(day: date) -> date:
    if not EARLIEST.date() < day < LATEST.date():
        raise ValueError("lies outside 1970 to 2200")
    return day


Day = Annotated[date, AfterValidator(_in_our_times)]


def read_filter(
    *,
    since: Annotated[
        Day | None, Query(description="First day. Default: the last full month that has contacts.")
    ] = None,
    until: Annotated[Day | None, Query(description="Last day, inclusive.")] = None,
    sent_since: Annotated[
        Day | None, Query(description="First day on which the letter was sent that the contact is about.")
    ] = None,
    sent_until: Annotated[Day | None, Query(description="Last day on which that letter was sent, inclusive.")] = None,
    language: Annotated[list[str] | None, Query(description="ISO 639-1 code.", examples=[["sv", "nb"]])] = None,
    channel: Annotated[list[Channel] | None, Query(description="How the customer got in touch.")] = None,
    queue: Annotated[list[str] | None, Query(description="The contact centre's queue.")] = None,
    document_type: Annotated[list[DocumentType] | None, Query(description="The letter that was sent.")] = None,
    template_version: Annotated[list[str] | None, Query(description="Name of a template version.")] = None,
    segment: Annotated[list[str] | None, Query(description="Customer segment named on the invoice.")] = None,
    reason: Annotated[list[Reason] | None, Query(description="Primary reason.")] = None,
    feature: Annotated[list[Feature] | None, Query(description="Part of the invoice it is about.")] = None,
    step: Annotated[list[Step] | None, Query(description="Payment step the customer is stuck at.")] = None,
) -> Filter:
    if since and until and since > until:
        raise BadInput("query", "since is later than until", "Swap them.")
    return Filter(
        since=since,
        until=until,
        sent_since=sent_since,
        sent_until=sent_until,
        languages=tuple(language or ()),
        channels=tuple(channel or ()),
        queues=tuple(queue or ()),
        document_types=tuple(document_type or ()),
        template_versions=tuple(template_version or ()),
        segments=tuple(segment or ()),
        reasons=tuple(reason or ()),
        features=tuple(feature or ()),
        steps=tuple(step or ()),
    )


Organisation = Annotated[OrganisationRow, Depends(find_organisation)]
Narrowed = Annotated[Filter, Depends(read_filter)]
Loaded = Annotated[Tools, Depends(loaded_tools)]
