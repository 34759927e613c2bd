"""The dashboard: ``streamlit run`` this file. It knows the API's address and nothing else."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import client, filters
from dashboard.client import ApiError
from dashboard.filter_line import filter_line
from dashboard.language import Texts, language_of
from dashboard.render import show
from dashboard.views import conversation, conversations, imports, invoice_map, overview, reasons, steps
from dashboard.visit import Visit
from models.filters import FilterChoices
from models.labels import LANGUAGES

HERE = Path(__file__).parent
VIEWS = {
    "overview": overview,
    "map": invoice_map,
    "steps": steps,
    "reasons": reasons,
    "conversations": conversations,
    "conversation": conversation,
    "imports": imports,
}
IN_MENU = [name for name in VIEWS if name != "conversation"]
OWN_NAMES = {"sv": "Svenska", "nb": "Norsk", "da": "Dansk", "fi": "Suomi", "en": "English"}


def main() -> None:
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    t = Texts(language_of(next(iter(address.get("lang", [])), None), st.context.locale), zone(st.context.timezone))
    st.set_page_config(page_title="Tydlig", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.html(HERE / "style.css")
    st.html(f"<script>document.documentElement.lang = '{t.language}'</script>", unsafe_allow_javascript=True)
    try:
        choices, failure = client.choices(), None
    except ApiError as error:
        choices, failure = no_choices(), error
    visit = Visit(t, choices, filters.with_period(filters.from_address(address), choices), address)
    pages = {
        name: st.Page(
            partial(body, name, visit, failure), title=t(f"page.{name}"), url_path=name, default=name == "overview"
        )
        for name in VIEWS
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    header(visit, pages)
    chosen.run()


def zone(name: str | None) -> tzinfo:
    """The browser's time zone, in which times of day are shown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def no_choices() -> FilterChoices:
    fields = FilterChoices.model_fields
    return FilterChoices.model_validate({n: () if get_origin(fields[n].annotation) is tuple else None for n in fields})


def header(visit: Visit, pages: dict[str, st.Page]) -> None:
    t = visit.t
    with st.container(horizontal=True, key="header", vertical_alignment="center"):
        show("brand.html", visit)
        with st.container(horizontal=True, key="menu"):
            kept = {"lang": [t.language]} | {
                name: visit.address[name] for name in filters.FIELDS if name in visit.address
            }
            for name in IN_MENU:
                st.page_link(pages[name], label=t(f"page.{name}"), query_params=kept)
        st.session_state["lang"] = t.language
        st.selectbox(
            t("language"),
            LANGUAGES,
            format_func=OWN_NAMES.__getitem__,
            key="lang",
            on_change=lambda: st.query_params.update({"lang": st.session_state["lang"]}),
            label_visibility="collapsed",
            width=124,
        )


def body(name: str, visit: Visit, failure: ApiError | None) -> None:
    """The page itself; whatever the API refuses becomes a calm message that says what to do."""
    try:
        if failure:
            raise failure
        if visit.empty and name not in ("imports", "conversation"):
            return show("empty.html", visit)
        if visit.beside_the_data and name not in ("conversation", "imports"):
            filter_line(visit)
            return show("no_period.html", visit, page=name)
        VIEWS[name].show(visit)
    except ApiError as error:
        show("problem.html", visit, error=error, url=client.api_url())
    return None


main()
