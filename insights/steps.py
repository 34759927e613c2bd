"""Where on the way to having paid customers get stuck."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from insights.costs import contact_cost, estimate, sums
from insights.intervals import rate
from insights.periods import with_period
from insights.scope import BILLING, DOCUMENT_TYPE_OF, by_sending, contacts, documents
from models.figures import PaymentSteps, StepFigures, StepSlice
from models.filters import Filter
from models.tables import InvoiceEventRow, InvoiceRow, LinkRow, OrganisationRow, TaggingRow, TemplateVersionRow
from models.taxonomy import Step
from models.values import DocumentType, PaymentMethod

REACHED_BY: dict[Step, tuple[DocumentType, ...]] = {
    Step.REMIND: (DocumentType.REMINDER, DocumentType.COLLECTION_NOTICE),
    Step.COLLECT: (DocumentType.COLLECTION_NOTICE,),
}
"""Every letter has to be received, understood and paid; only those that came late reach the last two steps."""


def payment_steps(session: Session, organisation: OrganisationRow, filter: Filter) -> PaymentSteps:
    """Every step in a customer's order, over all documents and sliced by payment method and template version.

    ``contacts`` and ``cost`` are of all billing contacts made in the period, so that they add up; ``rate`` is of the
    documents sent in it that reach the step, and of the contacts about exactly these: an invoice's customer who asks
    for more time is a contact at ``remind``, but not one per 1,000 reminders. An invoice without a payment method
    counts as ``other``. Raises BadSetting where the organisation has no cost per minute.
    """
    now = with_period(session, organisation, filter)
    dimensions: dict[str, Any] = {
        "payment_method": func.coalesce(InvoiceRow.payment_method, PaymentMethod.OTHER.value),
        "template_version": TemplateVersionRow.name,
    }
    slices = (
        StepSlice(dimension=dimension, key=key, steps=_figures(organisation, tally))
        for dimension, column in dimensions.items()
        for (key,), tally in sorted(_tallies(session, organisation, now, column).items())
    )
    whole = _tallies(session, organisation, now)[()]
    return PaymentSteps(steps=_figures(organisation, whole), slices=tuple(slices))


@dataclass
class _Tally:
    """Money in minor units and its squares by step, contacts by step and document type, documents by type."""

    made: dict[str, tuple[int, Any, Any]] = field(default_factory=dict)
    about: Counter[tuple[str, DocumentType]] = field(default_factory=Counter)
    sent: Counter[DocumentType] = field(default_factory=Counter)


def _tallies(
    session: Session, organisation: OrganisationRow, filter: Filter, *by: Any
) -> dict[tuple[str, ...], _Tally]:
    """The tally of each value of the columns ``by``; what has no value, or no invoice, is left out."""
    tallies: dict[tuple[str, ...], _Tally] = defaultdict(_Tally)
    step, kind, stuck = TaggingRow.step, InvoiceEventRow.kind, (BILLING, TaggingRow.step.is_not(None))
    known = [column.is_not(None) for column in (InvoiceRow.id, *by) if by]

    def ask(query: Select[Any], invoice_id: Any, *keys: Any) -> Iterable[Any]:
        query = query.outerjoin(InvoiceRow, InvoiceRow.id == invoice_id)
        query = query.outerjoin(TemplateVersionRow, TemplateVersionRow.id == InvoiceEventRow.template_version_id)
        return session.execute(query.where(*known).group_by(*by, *keys))

    cost = contact_cost(session, organisation)
    made = contacts(organisation, filter, *by, step, func.count(), *sums(cost)).where(*stuck)
    for *key, at, number, total, squares in ask(made, LinkRow.invoice_id, step):
        tallies[tuple(key)].made[at] = (number, total, squares)
    about = contacts(organisation, by_sending(filter), *by, step, kind, func.count()).where(*stuck, kind.is_not(None))
    for *key, at, document, number in ask(about, LinkRow.invoice_id, step, kind):
        tallies[tuple(key)].about[at, DOCUMENT_TYPE_OF[document]] += number
    sent = documents(organisation, filter, *by, kind, func.count())
    for *key, document, number in ask(sent, InvoiceEventRow.invoice_id, kind):
        tallies[tuple(key)].sent[DOCUMENT_TYPE_OF[document]] += number
    return tallies


def _figures(organisation: OrganisationRow, tally: _Tally) -> tuple[StepFigures, ...]:
    return tuple(_step(organisation, tally, step) for step in Step)


def _step(organisation: OrganisationRow, tally: _Tally, step: Step) -> StepFigures:
    reached = REACHED_BY.get(step, DocumentType)
    sent = sum(tally.sent[document] for document in reached)
    number, total, squares = tally.made.get(step, (0, 0, 0))
    return StepFigures(
        step=step,
        documents=sent,
        contacts=number,
        rate=rate(sum(tally.about[step, document] for document in reached), sent),
        cost=estimate(organisation, total, squares),
    )
