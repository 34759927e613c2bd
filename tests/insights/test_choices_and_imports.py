"""What the filter can be set to, and what was imported."""

from __future__ import annotations

from datetime import UTC, date, datetime

from insights.choices import choices
from insights.imports import list_imports
from insights.periods import with_period
from models.filters import Filter
from models.speech import Channel
from models.tables import ImportRow
from models.taxonomy import Reason
from models.values import DocumentType


def test_the_choices_are_the_values_that_the_data_holds(office, other_office):
    office.version("R", DocumentType.REMINDER)
    office.invoice(date(2026, 9, 1), office.version("A"), segment="consumer")
    office.contact(date(2026, 10, 5), Reason.HOW_TO_PAY, language="sv", queue="billing")
    office.contact(date(2026, 10, 2), Reason.HOW_TO_PAY, language="fi", channel="chat")
    other_office.contact(date(2020, 1, 1), Reason.HOW_TO_PAY, language="da", queue="theirs")
    found = choices(office.session, office.organisation)
    assert (found.first_day, found.last_day) == (date(2026, 9, 1), date(2026, 10, 5))
    assert (found.languages, found.channels) == (("fi", "sv"), (Channel.PHONE, Channel.CHAT))
    assert (found.queues, found.segments) == (("billing",), ("consumer",))
    assert found.document_types == (DocumentType.INVOICE, DocumentType.REMINDER)
    assert found.template_versions == ("A", "R")


def test_the_default_period_is_the_one_that_every_figure_takes_without_one(office):
    office.contact(date(2026, 9, 30), Reason.HOW_TO_PAY)
    office.contact(date(2026, 10, 5), Reason.HOW_TO_PAY)
    found = choices(office.session, office.organisation)
    taken = with_period(office.session, office.organisation, Filter())
    assert (found.default_since, found.default_until) == (date(2026, 9, 1), date(2026, 9, 30))
    assert (taken.since, taken.until) == (found.default_since, found.default_until)


def test_an_empty_database_has_no_days_to_choose(office):
    found = choices(office.session, office.organisation)
    assert (found.first_day, found.last_day, found.default_since, found.default_until) == (None, None, None, None)


def test_imports_are_listed_newest_first_for_their_own_organisation(office, other_office):
    for owner, name in [(office, "one.jsonl"), (office, "two.jsonl"), (other_office, "theirs.jsonl")]:
        office.session.add(
            ImportRow(
                organisation_id=owner.organisation.id,
                file_name=name,
                content_hash=name,
                kind="conversations_jsonl",
                started_at=datetime(2026, 11, 1, tzinfo=UTC),
                imported=3,
                redactions={"person": 2},
            )
        )
        office.session.flush()
    found = list_imports(office.session, office.organisation)
    assert [one.file_name for one in found] == ["two.jsonl", "one.jsonl"]
    assert (found[0].imported, found[0].rejected, found[0].redactions) == (3, 0, {"person": 2})
    assert found[0].finished_at is None
