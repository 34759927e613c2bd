"""The Altair charts, all with one face."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import altair as alt
import streamlit as st

from dashboard import paint
from dashboard.language import Texts
from models.figures import ReasonWeek, Release, TrendPoint
from models.taxonomy import ReasonGroup

Point = TypeVar("Point", TrendPoint, ReasonWeek)
FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@alt.theme.register("tydlig", enable=True)
def theme() -> alt.theme.ThemeConfig:
    axis: Any = {
        "labelColor": paint.MUTED,
        "labelFontSize": 12,
        "labelPadding": 6,
        "titleColor": paint.MUTED,
        "titleFontWeight": "normal",
        "gridColor": "#ecece7",
        "domain": False,
        "ticks": False,
    }
    return {
        "background": "transparent",
        "config": {"font": FONT, "view": {"stroke": None}, "axis": axis, "text": {"font": FONT, "fontSize": 12}},
    }


def whole_weeks(points: Sequence[Point], first: date | None, last: date | None) -> list[Point]:
    """Without the weeks that the data, or the period, cuts short: they would look like a fall."""
    return [p for p in points if (not first or p.week >= first) and (not last or p.week + timedelta(days=6) <= last)]


def trend(t: Texts, points: Sequence[TrendPoint], releases: Sequence[Release], accent: ReasonGroup | None) -> None:
    """Billing contacts a week as bands by group, the group to look at in colour, releases as dated marks."""
    named = widest_week(points)
    total = sum(p.contacts for p in points if p.week == named)
    rows = [
        {
            "week": p.week.isoformat(),
            "group": t.name(p.group),
            "order": order(p.group),
            "contacts": p.contacts,
            "accent": p.group == accent,
            "labelled": p.week == named and p.contacts > total / 14,
        }
        for p in points
    ]
    groups = sorted({p.group for p in points}, key=order)
    colours = [paint.COSTS if g == accent else paint.GREYS[order(g) % len(paint.GREYS)] for g in groups]
    scale = alt.Scale(domain=[t.name(g) for g in groups], range=colours)
    x = week_axis(t, [p.week for p in points])
    y = alt.Y("contacts:Q", stack="zero", title=None, axis=alt.Axis(tickCount=4))
    bands = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, order="order:O")
    areas = bands.mark_area(stroke="white", strokeWidth=1, interpolate="monotone").encode(
        color=alt.Color("group:N", scale=scale, legend=None),
        tooltip=[
            alt.Tooltip("group:N", title=t("chart.group")),
            alt.Tooltip("week:T", title=t("chart.week"), format="%Y-%m-%d"),
            alt.Tooltip("contacts:Q", title=t("chart.contacts")),
        ],
    )
    labels = (
        bands.mark_text(fontSize=11.5)
        .transform_filter("datum.labelled")
        .encode(
            y=alt.Y("contacts:Q", stack="zero", bandPosition=0.5, title=None),
            text="group:N",
            color=alt.condition(alt.datum.accent, alt.value("white"), alt.value(paint.INK)),
        )
    )
    draw(alt.layer(areas, labels, *release_marks(t, points, releases)), 300)


def widest_week(points: Sequence[TrendPoint]) -> date:
    """Where the bands have most room for their names: the busiest week that does not touch an edge."""
    totals: dict[date, int] = {}
    for point in points:
        totals[point.week] = totals.get(point.week, 0) + point.contacts
    inner = sorted(totals)[2:-2] or sorted(totals)
    return max(inner, key=totals.__getitem__)


def release_marks(t: Texts, points: Sequence[TrendPoint], releases: Sequence[Release]) -> list[alt.Chart]:
    first, last = min(p.week for p in points), max(p.week for p in points)
    marks = [
        {"on": r.on.isoformat(), "label": f"{r.template_version} · {t.day(r.on)}", "row": 14 + 15 * (n % 3)}
        for n, r in enumerate(r for r in sorted(releases, key=lambda r: r.on) if first <= r.on <= last)
    ]
    if not marks:
        return []
    base = alt.Chart(alt.InlineData(values=marks)).encode(x="on:T")
    lines = base.mark_rule(color=paint.INK, strokeDash=[2, 3], opacity=0.55)
    names = base.mark_text(align="left", dx=4, color=paint.INK, fontSize=11).encode(
        text="label:N", y=alt.Y("row:Q", scale=None)
    )
    return [lines, names]


def weeks(t: Texts, points: Sequence[ReasonWeek]) -> None:
    """One reason's contacts a week."""
    rows = [{"week": p.week.isoformat(), "contacts": p.contacts} for p in points]
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_area(
            color=paint.COSTS, opacity=0.16, interpolate="monotone", line={"color": paint.COSTS, "strokeWidth": 2}
        )
        .encode(
            x=week_axis(t, [p.week for p in points]),
            y=alt.Y("contacts:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1)),
            tooltip=[
                alt.Tooltip("week:T", title=t("chart.week"), format="%Y-%m-%d"),
                alt.Tooltip("contacts:Q", title=t("chart.contacts")),
            ],
        )
    )
    draw(bars, 220)


def week_axis(t: Texts, weeks: Sequence[date]) -> alt.X:
    """Months named in the reader's language, which Vega does not know."""
    names = ",".join(f"'{name}'" for name in t.months())
    tick = alt.Axis(labelExpr=f"[{names}][month(datum.value)]", tickCount="month", grid=False, labelAlign="left")
    return alt.X("week:T", title=None, axis=tick, scale=alt.Scale(nice=False))


def order(group: ReasonGroup) -> int:
    return list(ReasonGroup).index(group)


def draw(chart: alt.LayerChart | alt.FacetChart | alt.Chart, height: int) -> None:
    sized = chart.properties(height=height, padding={"left": 0, "top": 6, "right": 8, "bottom": 8})
    st.altair_chart(sized, theme=None, width="stretch")
