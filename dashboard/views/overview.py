"""What billing contacts cost, and what to mend first."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, client
from dashboard.client import Query
from dashboard.filter_line import filter_line
from dashboard.render import show as render
from dashboard.visit import Visit
from models.figures import Verdict
from models.taxonomy import GROUP_OF_REASON


def show(visit: Visit) -> None:
    filter_line(visit)
    figures = client.overview(visit.query)
    render("overview.html", visit, figures=figures)
    render("runs.html", visit, runs=client.bad_runs(so_far(visit)))
    points = charts.whole_weeks(figures.trend, visit.choices.first_day, visit.last_day)
    if any(point.contacts for point in points):
        first = figures.mend_first[0].top_reason if figures.mend_first else None
        with st.container(key="card-trend", border=True):
            render("heading.html", visit, title=visit.t("trend.title"), about=visit.t("trend.about"))
            charts.trend(visit.t, points, figures.releases, GROUP_OF_REASON[first] if first else None)
    changes = client.changes(so_far(visit))
    told = [change for change in changes if change.reason is None or change.verdict != Verdict.CANNOT_TELL]
    render("changes.html", visit, told=told, untold=[change for change in changes if change not in told])
    render("freshness.html", visit, figures=figures)


def so_far(visit: Visit) -> Query:
    """From the first day of the data to the period's last: what was changed or went wrong before still matters."""
    days = [day for day in (visit.choices.first_day, visit.filter.since) if day]
    return (("since", min(days).isoformat()), *visit.query_without("since"))
