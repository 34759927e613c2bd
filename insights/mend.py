"""What to mend first: the parts of the documents whose contacts cost most."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.costs import contact_cost, estimate, sums
from insights.intervals import rate
from insights.periods import months_in
from insights.scope import BILLING, by_sending, contacts, documents, number_by
from models.figures import Mend
from models.filters import Filter
from models.tables import InvoiceEventRow, OrganisationRow, TaggingFeatureRow, TaggingRow, TemplateVersionRow
from models.taxonomy import Feature, Reason
from models.values import DocumentType

MEND_FIRST = 3


@dataclass
class _Ledger:
    """What the contacts about one feature of one version add up to; money in minor units."""

    contacts: int = 0
    cost: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)
    reasons: Counter[Reason] = field(default_factory=Counter)


def mend_first(session: Session, organisation: OrganisationRow, filter: Filter) -> tuple[Mend, ...]:
    """The template version × feature whose contacts cost most a month, for a filter with a period; at most three.

    The cost of a contact about several features is divided equally among them, so that no krona is counted twice: all
    such parts together, with the contacts that name no feature or no document, make the period's whole cost. Parts
    whose rate is withheld are left out.
    """
    sent = _by_version(session, organisation, filter)
    cohort = _by_part(session, organisation, by_sending(filter))
    named = {row.id: row for row in session.scalars(select(TemplateVersionRow).where(TemplateVersionRow.id.in_(sent)))}
    ledgers = _ledgers(session, organisation, filter)
    found = [
        Mend(
            template_version=named[version].name,
            document_type=DocumentType(named[version].document_type),
            feature=feature,
            contacts=ledger.contacts,
            rate=rate(cohort.get((version, feature), 0), sent[version]),
            monthly_cost=estimate(organisation, ledger.cost, ledger.squares, months_in(filter)),
            top_reason=max(ledger.reasons, key=lambda reason: (ledger.reasons[reason], reason)),
        )
        for (version, feature), ledger in ledgers.items()
        if version in named
    ]
    told = [mend for mend in found if not mend.rate.too_few]
    return tuple(sorted(told, key=lambda mend: (-mend.monthly_cost.amount, mend.template_version, mend.feature)))[
        :MEND_FIRST
    ]


def _by_version(session: Session, organisation: OrganisationRow, filter: Filter) -> dict[int, int]:
    version = InvoiceEventRow.template_version_id
    query = documents(organisation, filter, version, func.count()).where(version.is_not(None)).group_by(version)
    return number_by(session, query)


def _by_part(session: Session, organisation: OrganisationRow, filter: Filter) -> dict[tuple[int, Feature], int]:
    part = (InvoiceEventRow.template_version_id, TaggingFeatureRow.feature)
    query = (
        contacts(organisation, filter, *part, func.count())
        .join(TaggingFeatureRow, TaggingFeatureRow.tagging_id == TaggingRow.id)
        .where(BILLING)
        .group_by(*part)
    )
    return {(version, Feature(feature)): number for version, feature, number in session.execute(query)}


def _ledgers(session: Session, organisation: OrganisationRow, filter: Filter) -> dict[tuple[int, Feature], _Ledger]:
    among = (
        select(func.count())
        .where(TaggingFeatureRow.tagging_id == TaggingRow.id)
        .correlate(TaggingRow)
        .scalar_subquery()
    )
    about = contacts(
        organisation,
        filter,
        InvoiceEventRow.template_version_id.label("version"),
        TaggingRow.id.label("tagging"),
        TaggingRow.primary_reason.label("reason"),
        among.label("among"),
        contact_cost(session, organisation).label("cost"),
    )
    contact = about.where(BILLING, InvoiceEventRow.template_version_id.is_not(None)).subquery()
    keys = (contact.c.version, TaggingFeatureRow.feature, contact.c.reason, contact.c.among)
    query = (
        select(*keys, func.count(), *sums(contact.c.cost))
        .join(TaggingFeatureRow, TaggingFeatureRow.tagging_id == contact.c.tagging)
        .group_by(*keys)
    )
    ledgers: dict[tuple[int, Feature], _Ledger] = defaultdict(_Ledger)
    for version, feature, reason, number_of_features, number, cost, squares in session.execute(query):
        ledger = ledgers[version, Feature(feature)]
        ledger.contacts += number
        ledger.cost += Fraction(int(cost), number_of_features)
        ledger.squares += Fraction(int(squares), number_of_features**2)
        ledger.reasons[Reason(reason)] += number
    return ledgers
