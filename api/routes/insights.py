"""The figures: each address asks one question of insights and passes the answer on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.dependencies import Narrowed, OneTransaction, Organisation
from api.errors import Responses, documented
from insights.alarms import bad_runs
from insights.changes import change_verdicts
from insights.choices import choices
from insights.imports import list_imports
from insights.overview import overview
from insights.reasons import count_by_reason, reason_detail
from insights.steps import payment_steps
from insights.templates import compare_versions, invoice_map, list_templates, page_image
from models.figures import (
    BadRun,
    ChangeVerdict,
    FeatureDifference,
    InvoiceMap,
    Overview,
    PaymentSteps,
    ReasonDetail,
    ReasonFigures,
    TemplateSummary,
)
from models.filters import FilterChoices
from models.stored import ImportSummary
from models.taxonomy import Reason

router = APIRouter(tags=["figures"], responses=documented(401))

PAGE: Responses = {200: {"content": {"image/png": {}}, "description": "The page"}}
VersionName = Annotated[str, Path(description="Name of the template version.", examples=["invoice-3"])]


@router.get("/overview", summary="What billing contacts cost and what to mend first", responses=documented(409))
def get_overview(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> Overview:
    """Contacts and cost in the period and the one before, the parts of the invoice to mend first, and the trend.

    Needs the cost of a minute of handling: without it the answer is 409 and names the setting.
    """
    return overview(session, organisation, filter)


@router.get("/reasons", summary="How many got in touch for each reason", responses=documented(409))
def get_reasons(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> list[ReasonFigures]:
    """Contacts with the reason as primary one, with it at all, their share of all contacts, and what they cost."""
    return count_by_reason(session, organisation, filter)


@router.get("/reasons/{id}", summary="One reason, week by week and broken down", responses=documented(409))
def get_reason(
    id: Annotated[Reason, Path(description="Id of the reason.", examples=["payment_reference"])],
    session: OneTransaction,
    organisation: Organisation,
    filter: Narrowed,
) -> ReasonDetail:
    """How the reason's contacts went over time and spread over parts of the invoice, versions, languages and queues."""
    return reason_detail(session, organisation, filter, id)


@router.get("/templates", summary="The template versions in use")
def get_templates(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> list[TemplateSummary]:
    """Each version, how many documents of it were sent in the period, and contacts per 1,000 of them."""
    return list_templates(session, organisation, filter)


@router.get("/templates/compare", summary="Two template versions side by side", responses=documented(404))
def compare_templates(
    first: Annotated[str, Query(description="Name of the version to compare with.", examples=["invoice-2"])],
    second: Annotated[str, Query(description="Name of the version that is compared.", examples=["invoice-3"])],
    session: OneTransaction,
    organisation: Organisation,
    filter: Narrowed,
) -> list[FeatureDifference]:
    """The rate of each part of the invoice on both, and the difference with its 95 % interval."""
    return compare_versions(session, organisation, filter, first, second)


@router.get("/templates/{name}/map", summary="One version's zones and their rates", responses=documented(404))
def get_template_map(
    name: VersionName, session: OneTransaction, organisation: Organisation, filter: Narrowed
) -> InvoiceMap:
    """Where each part is printed on the page, and how many contacts it brought per 1,000 documents sent."""
    return invoice_map(session, organisation, filter, name)


@router.get(
    "/templates/{name}/pages/{number}",
    summary="A page as the customer sees it",
    response_class=Response,
    responses=PAGE | documented(404),
)
def get_template_page(
    name: VersionName,
    number: Annotated[int, Path(ge=1, le=1000, description="Page, from 1.")],
    session: OneTransaction,
    organisation: Organisation,
) -> Response:
    """The layout as a picture. The zones of the map are shares of its width and height."""
    image = page_image(session, organisation, name, number)
    return Response(image, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@router.get("/steps", summary="How many get stuck at each payment step", responses=documented(409))
def get_steps(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> PaymentSteps:
    """Contacts per 1,000 documents sent, step by step, in all and by payment method and template version."""
    return payment_steps(session, organisation, filter)


@router.get("/changes", summary="What each change of a template did")
def get_changes(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> list[ChangeVerdict]:
    """Contacts per 1,000 documents before and after each release, and whether the numbers show a difference."""
    return change_verdicts(session, organisation, filter)


@router.get("/alarms", summary="Runs of documents that went wrong")
def get_alarms(session: OneTransaction, organisation: Organisation, filter: Narrowed) -> list[BadRun]:
    """Days on which documents were sent that brought far more contacts of one reason than those of other days."""
    return bad_runs(session, organisation, filter)


@router.get("/imports", summary="What was imported")
def get_imports(session: OneTransaction, organisation: Organisation) -> list[ImportSummary]:
    """Every file handed in, newest first: items imported, known already, refused, and how much was redacted."""
    return list_imports(session, organisation)


@router.get("/choices", summary="What the figures can be narrowed by")
def get_choices(session: OneTransaction, organisation: Organisation) -> FilterChoices:
    """The values that the data holds for each parameter, and its first and last day."""
    return choices(session, organisation)
