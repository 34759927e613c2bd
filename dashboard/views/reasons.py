"""Why customers get in touch, and one reason looked at closely."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, client
from dashboard.filter_line import filter_line
from dashboard.filters import shown
from dashboard.render import show as render
from dashboard.visit import Visit
from models.taxonomy import Feature, Reason

SMALL_MULTIPLES = 6


def show(visit: Visit) -> None:
    filter_line(visit)
    if len(visit.filter.reasons) == 1:
        return one(visit, visit.filter.reasons[0])
    figures = sorted(client.reasons(visit.query), key=lambda figure: -figure.contacts)
    billing = [figure for figure in figures if figure.reason != Reason.NOT_BILLING and figure.contacts]
    details = [client.reason(figure.reason, visit.query) for figure in billing[:SMALL_MULTIPLES]]
    days = visit.choices.first_day, visit.last_day
    trends = [(detail.figures.reason, charts.whole_weeks(detail.weeks, *days)) for detail in details]
    render("reasons.html", visit, figures=figures, billing=billing, trends=trends)
    return None


def one(visit: Visit, reason: Reason) -> None:
    query = visit.query_without("reason")
    detail = client.reason(reason, query)
    render("reason.html", visit, figures=detail.figures)
    weeks = charts.whole_weeks(detail.weeks, visit.choices.first_day, visit.last_day)
    if any(point.contacts for point in weeks):
        with st.container(key="card-weeks", border=True):
            render("heading.html", visit, title=visit.t("reason.weeks"), about=visit.t("trend.about_one"))
            charts.weeks(visit.t, weeks)
    render(
        "breakdowns.html",
        visit,
        reason=reason,
        breakdowns=detail.breakdowns,
        named=lambda dimension, key: (
            visit.t.name(Feature(key)) if dimension == "feature" else shown(visit.t, dimension, key)
        ),
    )
    render("quotes.html", visit, reason=reason, page=client.conversations((*query, ("reason", reason)), 0, 5))
