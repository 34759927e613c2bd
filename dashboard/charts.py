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
ORDER = list(ReasonGroup)
HEIGHT, NAME_HEIGHT, NAME_LINE, LINE = 300, 28, 13, 15
"""Of the trend: its height, that of a name and of a name's line in pixels, and how many letters a line holds."""
ROW, ROWS = 15, 3
"""The height of a row of release names, and how many rows there are."""
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
    """Billing contacts a week as bands by group, each named at its end, releases as dated marks above.

    The group to look at lies in colour at the foot, where its rise and fall can be read off the axis.
    """
    groups = sorted({p.group for p in points}, key=lambda group: (group != accent, ORDER.index(group)))
    rows = [
        {"week": p.week.isoformat(), "group": t.name(p.group), "order": groups.index(p.group), "contacts": p.contacts}
        for p in points
    ]
    colours = [paint.COSTS if g == accent else paint.GREYS[n % len(paint.GREYS)] for n, g in enumerate(groups)]
    scale = alt.Scale(domain=[t.name(g) for g in groups], range=colours)
    top = 1.03 * max(sum(p.contacts for p in points if p.week == week) for week in {p.week for p in points})
    y = alt.Y("contacts:Q", stack="zero", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(domain=[0, top]))
    bands = alt.Chart(alt.InlineData(values=rows)).encode(x=week_axis(t), y=y, order="order:O")
    areas = bands.mark_area(stroke="white", strokeWidth=1).encode(
        color=alt.Color("group:N", scale=scale, legend=None),
        tooltip=[
            alt.Tooltip("group:N", title=t("chart.group")),
            alt.Tooltip("week:T", title=t("chart.week"), format="%Y-%m-%d"),
            alt.Tooltip("contacts:Q", title=t("chart.contacts")),
        ],
    )
    names = band_names(t, points, groups, accent, top)
    draw(alt.LayerChart(layer=[areas, names, *release_marks(t, points, releases)]), HEIGHT)


def band_names(
    t: Texts, points: Sequence[TrendPoint], groups: Sequence[ReasonGroup], accent: ReasonGroup | None, top: float
) -> alt.Chart:
    """The groups' names to the right of their bands' ends, moved apart where bands are narrow."""
    last = max(p.week for p in points)
    ends = {p.group: p.contacts for p in points if p.week == last}
    reached, middles = 0.0, []
    for group in groups:
        middles.append(HEIGHT * (1 - (reached + ends.get(group, 0) / 2) / top))
        reached += ends.get(group, 0)
    rows = []
    for group, y in zip(groups, spread(middles), strict=True):
        name = in_two_lines(t.name(group))
        first_line = y - NAME_LINE / 2 * name.count("\n")
        rows.append({"week": last.isoformat(), "name": name, "y": first_line, "accent": group == accent})
    colour = alt.condition(alt.datum.accent, alt.value(paint.COSTS), alt.value(paint.INK))
    base: alt.Chart = alt.Chart(alt.InlineData(values=rows)).encode(
        x="week:T", y=alt.Y("y:Q", scale=None), text="name:N", color=colour
    )
    names: alt.Chart = base.mark_text(
        align="left", dx=8, fontSize=11.5, lineBreak="\n", lineHeight=NAME_LINE, baseline="middle"
    )
    return names


def spread(middles: Sequence[float]) -> list[float]:
    """Heights from the foot up, in pixels from the top, so far apart that two lines of text fit."""
    placed: list[float] = []
    for middle in middles:
        placed.append(min(middle, placed[-1] - NAME_HEIGHT) if placed else min(middle, HEIGHT - NAME_HEIGHT / 2))
    return placed


def in_two_lines(name: str) -> str:
    """Broken at the space nearest to the middle, where it is long."""
    spaces = [n for n, letter in enumerate(name) if letter == " "]
    if len(name) <= LINE or not spaces:
        return name
    at = min(spaces, key=lambda n: abs(n - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"


def release_marks(t: Texts, points: Sequence[TrendPoint], releases: Sequence[Release]) -> list[alt.Chart]:
    """A dotted line where a version came into use, its name above the bands, each in a row below the one before."""
    first, last = min(p.week for p in points), max(p.week for p in points)
    shown = [release for release in sorted(releases, key=lambda r: r.on) if first <= release.on <= last]
    charts: list[alt.Chart] = []
    for n, release in enumerate(shown):
        mark = {"on": release.on.isoformat(), "label": f"{release.template_version} · {t.day(release.on)}"}
        row = mark | {"row": -8 - ROW * (ROWS - 1 - n % ROWS if len(shown) > ROWS else len(shown) - 1 - n)}
        base = alt.Chart(alt.InlineData(values=[row])).encode(x="on:T")
        charts.append(
            base.mark_rule(color=paint.INK, strokeDash=[2, 3], opacity=0.55).encode(
                y=alt.Y("row:Q", scale=None), y2=alt.value(HEIGHT)
            )
        )
        name = base.encode(text="label:N", y=alt.Y("row:Q", scale=None))
        charts.append(name.mark_text(color=paint.INK, fontSize=11, baseline="middle", align="left", dx=4))
    return charts


def weeks(t: Texts, points: Sequence[ReasonWeek]) -> None:
    """One reason's contacts a week."""
    rows = [{"week": p.week.isoformat(), "contacts": p.contacts} for p in points]
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_area(color=paint.COSTS, opacity=0.16, line={"color": paint.COSTS, "strokeWidth": 2})
        .encode(
            x=week_axis(t),
            y=alt.Y("contacts:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1)),
            tooltip=[
                alt.Tooltip("week:T", title=t("chart.week"), format="%Y-%m-%d"),
                alt.Tooltip("contacts:Q", title=t("chart.contacts")),
            ],
        )
    )
    draw(bars, 220)


def week_axis(t: Texts) -> alt.X:
    """Months named in the reader's language, which Vega does not know."""
    names = ",".join(f"'{name}'" for name in t.months())
    tick = alt.Axis(labelExpr=f"[{names}][month(datum.value)]", tickCount="month", grid=False, labelAlign="left")
    return alt.X("week:T", title=None, axis=tick, scale=alt.Scale(nice=False))


def draw(chart: alt.LayerChart | alt.Chart, height: int) -> None:
    """``height`` in pixels is that of the axes; what is written outside them comes on top, but not to the width."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    sized = chart.properties(height=height, autosize=fit, padding={"left": 0, "top": 8, "right": 8, "bottom": 8})
    st.altair_chart(sized, theme=None, width="stretch")
