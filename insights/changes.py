"""Change verdicts: what a new template version did to the contacts per 1,000 documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

from sqlalchemy import func
from sqlalchemy.orm import Session

from insights.alarms import bad_runs, everything
from insights.cohorts import Cohorts, Run, cohorts
from insights.intervals import CONFIDENCE, rate, rate_ratio
from insights.scope import by_sending, contacts
from insights.templates import versions
from models.figures import TOO_FEW, ChangeVerdict, Verdict
from models.filters import Filter
from models.tables import ConversationRow, OrganisationRow, TemplateVersionRow
from models.taxonomy import Reason
from models.values import DocumentType

FOLLOW_UP_DAYS = 14
"""How long after it was sent a document's contacts are counted, so that young documents are not flattered."""
IN_USE_DAYS = 45
"""A version that went out so shortly before a change is one that was changed from; a billing month and a half."""
SAME = (0.67, 1.5)
"""A ratio that lies in here for sure is called no difference."""


@dataclass(frozen=True)
class Judgement:
    """The after rate over the before rate with its corrected interval; infinite where nothing came before."""

    ratio: float
    low: float
    high: float
    verdict: Verdict


def judge(before: int, documents_before: int, after: int, documents_after: int, looked_at: int) -> Judgement | None:
    """What two counts allow one to say, when they are one of ``looked_at`` comparisons; none where they are too few.

    Better or worse where the interval of the ratio, widened for the number of comparisons (Bonferroni, so at most one
    family in twenty is told a falsehood), leaves out 1; no difference where the plain 95 % interval lies within
    ``SAME``; otherwise one cannot tell.
    """
    if before + after < TOO_FEW or min(documents_before, documents_after) < TOO_FEW:
        return None
    numbers = (before, documents_before, after, documents_after)
    ratio, low, high = rate_ratio(*numbers, confidence=1 - (1 - CONFIDENCE) / looked_at)
    _, plain_low, plain_high = rate_ratio(*numbers)
    if low > 1:
        verdict = Verdict.WORSE
    elif high < 1:
        verdict = Verdict.BETTER
    elif plain_low > SAME[0] and plain_high < SAME[1]:
        verdict = Verdict.NO_DIFFERENCE
    else:
        verdict = Verdict.CANNOT_TELL
    return Judgement(ratio, low, high, verdict)


def change_verdicts(session: Session, organisation: OrganisationRow, filter: Filter) -> list[ChangeVerdict]:
    """For every template version that came into use inside the data: its contacts against those of the one before.

    One row for all billing contacts (no reason), then one a reason *raised*: a change is felt as much by the customer
    who names a reason second. Compared are like with like: only segments that both versions went to; contacts made
    within ``FOLLOW_UP_DAYS`` of the sending, about documents that are that old; no documents of a bad run, which the
    run and not the letter brought trouble upon. Where the old version kept going out beside the new one, only
    documents sent since the change are compared, which takes season out; else those before with those after. A period
    in the filter narrows the documents by the day they were sent; without one, all count. Newest change first.
    """
    sent = _old_enough(session, organisation, by_sending(filter))
    found = cohorts(session, organisation, sent, within_days=FOLLOW_UP_DAYS)
    named = {row.id: row for row in versions(session, organisation, Filter())}
    bad = {(run.template_version, run.sent_on) for run in bad_runs(session, organisation, everything(filter))}
    for run in [run for run in found.sent if (named[run.version].name, run.on) in bad]:
        del found.sent[run]
    changes = sorted(_changes(found, list(named.values())), key=lambda pair: pair[1].valid_from, reverse=True)
    return [verdict for before, after in changes for verdict in _verdicts(found, before, after)]


def _old_enough(session: Session, organisation: OrganisationRow, filter: Filter) -> Filter:
    """Documents that have been out for ``FOLLOW_UP_DAYS`` on the day of the newest conversation."""
    started = func.max(ConversationRow.started_at)
    newest = session.scalar(contacts(organisation, Filter(), started))
    if newest is None:
        return filter
    last = newest.date() - timedelta(days=FOLLOW_UP_DAYS)
    return filter.model_copy(update={"sent_until": min(filter.sent_until or last, last)})


def _changes(found: Cohorts, rows: list[TemplateVersionRow]) -> Iterable[tuple[TemplateVersionRow, TemplateVersionRow]]:
    """Pairs of versions of one document type: one that came into use, and one that it took recipients over from."""
    for after in rows:
        recent = after.valid_from - timedelta(days=IN_USE_DAYS)
        to = {run.segment for run in found.sent if run.version == after.id}
        for before in rows:
            if (
                before.document_type == after.document_type
                and before.valid_from < after.valid_from
                and any(
                    run.version == before.id and run.segment in to and recent <= run.on < after.valid_from
                    for run in found.sent
                )
            ):
                yield before, after


def _verdicts(found: Cohorts, before: TemplateVersionRow, after: TemplateVersionRow) -> Iterable[ChangeVerdict]:
    old, new = _comparable(found, before, after)
    old_sent, new_sent = sum(found.sent[run] for run in old), sum(found.sent[run] for run in new)
    counts = {reason: (_about(found, old, reason), _about(found, new, reason)) for reason in (None, *Reason)}
    looked_at = sum(sum(pair) >= TOO_FEW for pair in counts.values())
    for reason, (old_count, new_count) in counts.items():
        if old_count + new_count == 0:
            continue
        found_out = judge(old_count, old_sent, new_count, new_sent, looked_at)
        yield ChangeVerdict(
            before=before.name,
            after=after.name,
            document_type=DocumentType(after.document_type),
            changed_on=after.valid_from,
            reason=reason,
            before_rate=rate(old_count, old_sent),
            after_rate=rate(new_count, new_sent),
            ratio=_finite(found_out.ratio) if found_out else None,
            low=found_out.low if found_out else None,
            high=_finite(found_out.high) if found_out else None,
            verdict=found_out.verdict if found_out else Verdict.CANNOT_TELL,
        )


def _comparable(found: Cohorts, before: TemplateVersionRow, after: TemplateVersionRow) -> tuple[list[Run], list[Run]]:
    both = {run.segment for run in found.sent if run.version == before.id} & {
        run.segment for run in found.sent if run.version == after.id
    }
    old = [run for run in found.sent if run.version == before.id and run.segment in both]
    new = [run for run in found.sent if run.version == after.id and run.segment in both]
    beside = [run for run in old if run.on >= after.valid_from]
    kept_on = 2 * sum(found.sent[run] for run in beside) >= sum(found.sent[run] for run in new)
    return beside if kept_on else [run for run in old if run.on < after.valid_from], new


def _about(found: Cohorts, runs: list[Run], reason: Reason | None) -> int:
    return sum(found.about[run, reason] for run in runs)


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
