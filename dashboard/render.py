"""HTML from templates. Jinja escapes every value, so words of customers can never become markup."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard import paint
from dashboard.because import of_link, of_words
from dashboard.visit import Visit

FOLDER = Path(__file__).parent / "templates"
ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
ENVIRONMENT.filters["query"] = urlencode
ENVIRONMENT.globals |= {"of_words": of_words, "of_link": of_link, "paint": paint}


def render(template: str, visit: Visit, **values: object) -> Markup:
    html = ENVIRONMENT.get_template(template).render(t=visit.t, visit=visit, href=visit.href, **values)
    return Markup(html)  # noqa: S704 what the templates made is escaped already


def show(template: str, visit: Visit, **values: object) -> None:
    if html := render(template, visit, **values).strip():
        st.html(f'<div class="said" lang="{visit.t.language}">{html}</div>')
