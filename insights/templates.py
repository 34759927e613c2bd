"""The invoice map: contacts per 1,000 documents sent, by template version and by the feature they are about."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from insights.intervals import rate, rate_difference
from insights.periods import with_period
from insights.scope import BILLING, by_sending, contacts, documents, number_by
from models.errors import NotFound
from models.figures import FeatureDifference, FeatureRate, InvoiceMap, TemplateSummary
from models.filters import Filter
from models.tables import (
    InvoiceEventRow,
    OrganisationRow,
    TaggingFeatureRow,
    TaggingRow,
    TemplatePageRow,
    TemplateVersionRow,
)
from models.taxonomy import Feature
from models.values import DocumentType, PaymentMethod, Zone


def list_templates(session: Session, organisation: OrganisationRow, filter: Filter) -> list[TemplateSummary]:
    """Every template version that the filter names, with its documents and its billing contacts per 1,000 of them.

    Ordered by document type as a customer meets them, then by the day they came into use.
    """
    sent = by_sending(with_period(session, organisation, filter))
    version = InvoiceEventRow.template_version_id
    sent_count = number_by(session, documents(organisation, sent, version, func.count()).group_by(version))
    contact_count = number_by(
        session, contacts(organisation, sent, version, func.count()).where(BILLING).group_by(version)
    )
    pages = number_by(
        session,
        select(TemplatePageRow.template_version_id, func.count()).group_by(TemplatePageRow.template_version_id),
    )
    return [
        _summary(row, pages.get(row.id, 0), sent_count.get(row.id, 0), contact_count.get(row.id, 0))
        for row in versions(session, organisation, filter)
    ]


def invoice_map(session: Session, organisation: OrganisationRow, filter: Filter, name: str) -> InvoiceMap:
    """One version's zones, and the rate of each feature that it shows or that its contacts are about.

    A contact about two features counts at both. A feature that is asked about but printed nowhere keeps its rate and
    is marked as not shown. Raises NotFound.
    """
    row = _version(session, organisation, name)
    only = filter.model_copy(update={"template_versions": (name,)})
    [summary] = list_templates(session, organisation, only.model_copy(update={"document_types": ()}))
    return InvoiceMap(
        template=summary,
        zones=tuple(
            Zone(feature=Feature(z.feature), page=z.page, x0=z.x0, y0=z.y0, x1=z.x1, y1=z.y1, text=z.text)
            for z in row.zones
        ),
        features=tuple(_feature_rates(session, organisation, only, row, summary.documents)),
    )


def compare_versions(
    session: Session, organisation: OrganisationRow, filter: Filter, first: str, second: str
) -> list[FeatureDifference]:
    """Two versions side by side, one row a feature that either shows or is asked about. Raises NotFound."""
    one, other = (invoice_map(session, organisation, filter, name) for name in (first, second))
    one_rates, other_rates = ({found.feature: found for found in version.features} for version in (one, other))
    return [
        _difference(
            one_rates.get(feature) or _unasked(feature, one.template.documents),
            other_rates.get(feature) or _unasked(feature, other.template.documents),
        )
        for feature in Feature
        if feature in one_rates or feature in other_rates
    ]


def page_image(session: Session, organisation: OrganisationRow, name: str, number: int) -> bytes:
    """The PNG of one page; ``number`` counts from 1. Raises NotFound."""
    row = _version(session, organisation, name)
    image = session.scalar(
        select(TemplatePageRow.image).where(
            TemplatePageRow.template_version_id == row.id, TemplatePageRow.number == number
        )
    )
    if image is None:
        raise NotFound("page", f"{name}/{number}")
    return image


def versions(session: Session, organisation: OrganisationRow, filter: Filter) -> list[TemplateVersionRow]:
    """The template versions that the filter names, by document type and first day of use."""
    query = select(TemplateVersionRow).where(TemplateVersionRow.organisation_id == organisation.id)
    if filter.template_versions:
        query = query.where(TemplateVersionRow.name.in_(filter.template_versions))
    if filter.document_types:
        query = query.where(TemplateVersionRow.document_type.in_(filter.document_types))
    types = list(DocumentType)
    return sorted(
        session.scalars(query),
        key=lambda row: (types.index(DocumentType(row.document_type)), row.valid_from, row.name),
    )


def _version(session: Session, organisation: OrganisationRow, name: str) -> TemplateVersionRow:
    row = session.scalar(
        select(TemplateVersionRow)
        .where(TemplateVersionRow.organisation_id == organisation.id, TemplateVersionRow.name == name)
        .options(selectinload(TemplateVersionRow.zones))
    )
    if row is None:
        raise NotFound("template version", name)
    return row


def _summary(row: TemplateVersionRow, pages: int, sent: int, contact_count: int) -> TemplateSummary:
    return TemplateSummary(
        name=row.name,
        document_type=DocumentType(row.document_type),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        pages=pages,
        payment_methods=tuple(PaymentMethod(method) for method in row.payment_methods),
        channel=row.channel,
        segment=row.segment,
        note=row.note,
        documents=sent,
        rate=rate(contact_count, sent),
    )


def _feature_rates(
    session: Session, organisation: OrganisationRow, filter: Filter, row: TemplateVersionRow, sent: int
) -> Iterable[FeatureRate]:
    cohort = by_sending(with_period(session, organisation, filter))
    asked = number_by(
        session,
        contacts(organisation, cohort, TaggingFeatureRow.feature, func.count())
        .join(TaggingFeatureRow, TaggingFeatureRow.tagging_id == TaggingRow.id)
        .where(BILLING)
        .group_by(TaggingFeatureRow.feature),
    )
    shown = {zone.feature for zone in row.zones}
    for feature in Feature:
        if feature in shown or feature in asked:
            yield FeatureRate(feature=feature, shown=feature in shown, rate=rate(asked.get(feature, 0), sent))


def _unasked(feature: Feature, sent: int) -> FeatureRate:
    return FeatureRate(feature=feature, shown=False, rate=rate(0, sent))


def _difference(first: FeatureRate, second: FeatureRate) -> FeatureDifference:
    found = rate_difference(first.rate.count, first.rate.denominator, second.rate.count, second.rate.denominator)
    difference, low, high = found or (None, None, None)
    return FeatureDifference(
        feature=first.feature, first=first, second=second, difference=difference, low=low, high=high
    )
