"""The filter as widgets on one line. The address holds what is chosen; each widget only writes to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.filters import PERIOD, Period, chips, months, options, shown
from dashboard.language import Texts
from dashboard.render import show
from dashboard.visit import Visit
from models.filters import Filter, FilterChoices


def filter_line(visit: Visit, own: Callable[[], None] = lambda: None) -> None:
    """The line on top: the page's own widgets, the period, and everything else behind one button."""
    narrowed = [pair for pair in visit.query if pair[0] not in PERIOD]
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        own()
        _period(visit.t, visit.choices, visit.filter)
        button = visit.t("filter.some", n=len(narrowed)) if narrowed else visit.t("filter.none")
        with st.popover(button, key="more"):
            for name, values in options(visit.choices).items():
                _several(visit.t, name, values, [value for key, value in narrowed if key == name])
    show("chips.html", visit, narrowed=chips(visit.t, visit.filter))


def _period(t: Texts, choices: FilterChoices, filter: Filter) -> None:
    if filter.since is None or filter.until is None or choices.first_day is None or choices.last_day is None:
        return
    now: Period = (filter.since, filter.until)
    offered = [*months(choices), (choices.first_day, choices.last_day)]
    st.session_state["period"] = now
    st.selectbox(
        t("filter.period"),
        offered if now in offered else [now, *offered],
        format_func=lambda period: t.span(*period),
        key="period",
        on_change=_write_period,
        label_visibility="collapsed",
        width=230,
    )


def _several(t: Texts, name: str, values: tuple[str, ...], chosen: list[str]) -> None:
    st.session_state[name] = [value for value in values if str(value) in chosen]
    st.multiselect(
        t(f"filter.{name}"),
        values,
        format_func=lambda value: shown(t, name, value),
        key=name,
        on_change=_write,
        args=(name,),
        placeholder=t("filter.all"),
    )


def _write_period() -> None:
    since, until = st.session_state["period"]
    st.query_params.update({"since": since.isoformat(), "until": until.isoformat()})
    st.query_params.pop("offset", None)


def _write(name: str) -> None:
    st.query_params[name] = [str(value) for value in st.session_state[name]]
    st.query_params.pop("offset", None)
