"""Bad runs: documents sent on one day that brought far more contacts of one reason than their like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from insights.cohorts import Cohorts, cohorts
from insights.intervals import CONFIDENCE, excess_p_value
from insights.scope import by_sending
from insights.templates import versions
from models.figures import TOO_FEW, BadRun
from models.filters import Filter
from models.tables import OrganisationRow
from models.taxonomy import Reason
from models.values import DocumentType

AT_LEAST_TIMES = 3.0
"""Less than this above the expected is no run to stop, however sure the numbers are."""


def bad_runs(session: Session, organisation: OrganisationRow, filter: Filter) -> list[BadRun]:
    """Days on which one template version's documents brought too many contacts of one reason, newest first.

    The expectation comes from the version's documents of all *other* days. The alarm sounds at ``TOO_FEW`` contacts or
    more, at three times the expected or more, and where chance alone would bring as much less than once in twenty such
    tables (one-sided exact test, Bonferroni over every day × version × reason with documents). The filter's period says
    which days are judged, not which are compared with; without one, all are judged.
    """
    found = cohorts(session, organisation, everything(filter))
    named = {row.id: row for row in versions(session, organisation, Filter())}
    sent = by_sending(filter)
    alarms = [
        BadRun(
            sent_on=on,
            template_version=named[version].name,
            document_type=DocumentType(named[version].document_type),
            reason=reason,
            documents=documents,
            contacts=count,
            expected=expected,
            times_expected=count / expected,
            p_value=p_value,
        )
        for version, on, reason, documents, count, expected, p_value in excesses(found)
        if (sent.sent_since or on) <= on <= (sent.sent_until or on)
    ]
    return sorted(alarms, key=lambda alarm: (-alarm.sent_on.toordinal(), alarm.p_value))


def everything(filter: Filter) -> Filter:
    """The filter without any period."""
    return filter.model_copy(update={"since": None, "until": None, "sent_since": None, "sent_until": None})


class Excess(NamedTuple):
    """A day × version × reason that stands out: ``contacts`` about ``documents``, and what was expected."""

    version: int
    on: date
    reason: Reason
    documents: int
    contacts: int
    expected: float
    p_value: float


def excesses(found: Cohorts) -> Iterable[Excess]:
    """The cells of the table that chance does not explain. Half a contact is added to what came on the other days, so
    that the expectation is never nothing."""
    sent, about = _by_day(found)
    all_sent: Counter[int] = Counter()
    all_about: Counter[tuple[int, Reason]] = Counter()
    for (version, _), number in sent.items():
        all_sent[version] += number
    for (version, _, reason), number in about.items():
        all_about[version, reason] += number
    threshold = (1 - CONFIDENCE) / max(1, len(sent) * (len(Reason) - 1))
    for (version, on, reason), count in about.items():
        documents = sent[version, on]
        others, other_documents = all_about[version, reason] - count, all_sent[version] - documents
        if count < TOO_FEW or other_documents < TOO_FEW:
            continue
        expected = (others + 0.5) / other_documents * documents
        p_value = excess_p_value(count, documents, others, other_documents)
        if count >= AT_LEAST_TIMES * expected and p_value < threshold:
            yield Excess(version, on, reason, documents, count, expected, p_value)


def _by_day(found: Cohorts) -> tuple[Counter[tuple[int, date]], Counter[tuple[int, date, Reason]]]:
    """Documents and contacts of all segments together."""
    sent: Counter[tuple[int, date]] = Counter()
    about: Counter[tuple[int, date, Reason]] = Counter()
    for run, number in found.sent.items():
        sent[run.version, run.on] += number
    for (run, reason), number in found.about.items():
        if reason is not None:
            about[run.version, run.on, reason] += number
    return sent, about
