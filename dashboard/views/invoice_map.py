"""The page as the customer sees it, each zone tinted by the contacts it brings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import client, pins
from dashboard.filter_line import filter_line
from dashboard.paint import highest
from dashboard.render import show as render
from dashboard.visit import Visit
from models.figures import FeatureDifference, InvoiceMap, TemplateSummary
from models.values import Zone

ALONE = "-"
"""In the address: compare with no other version."""


def show(visit: Visit) -> None:
    query = visit.query_without("template_version", "feature")
    templates = client.templates(query)
    if not templates:
        return render("no_templates.html", visit)
    chosen, against = selection(templates, visit.asked("version"), visit.asked("against"))
    filter_line(visit, partial(pickers, visit, templates, chosen, against))
    names = [name for name in (against, chosen) if name]
    maps = [client.invoice_map(name, query) for name in names]
    pages = {one.template.name: images(one) for one in maps}
    differences = client.compare(names[0], names[1], query) if len(names) > 1 else []
    render(
        "map.html",
        visit,
        maps=maps,
        pages=pages,
        pins={one.template.name: pins.place(one) for one in maps},
        dark={name: dark(maps[n], pages[name]) for n, name in enumerate(names)},
        highest=highest([feature.rate for one in maps for feature in one.features]),
        differences=differences,
        clearest=clearest(differences),
        looked_at=visit.asked("part"),
    )
    return None


def selection(templates: Sequence[TemplateSummary], version: str | None, against: str | None) -> tuple[str, str | None]:
    """The version asked for, else the newest invoice; and the one it replaced unless another is asked for."""
    by_name = {template.name: template for template in templates}
    used = [template for template in templates if template.documents] or list(templates)
    newest = max(used, key=lambda template: (template.document_type == "invoice", template.valid_from))
    chosen = by_name.get(version or "", newest)
    if against == ALONE or (against in by_name and against != chosen.name):
        return chosen.name, None if against == ALONE else against
    return chosen.name, replaced(chosen, used)


def replaced(template: TemplateSummary, among: Sequence[TemplateSummary]) -> str | None:
    """The version of the same letter that was in use before, rather for the same customers than for others."""
    earlier = [t for t in among if t.document_type == template.document_type and t.valid_from < template.valid_from]
    last = max(earlier, key=lambda t: (t.segment in (template.segment, None), t.valid_from), default=None)
    return last.name if last else None


def clearest(differences: Sequence[FeatureDifference]) -> FeatureDifference | None:
    """The largest difference whose interval leaves out zero."""
    sure = [d for d in differences if d.low is not None and d.high is not None and (d.low > 0 or d.high < 0)]
    return max(sure, key=lambda d: abs(d.difference or 0), default=None)


def images(one: InvoiceMap) -> list[bytes | None]:
    return [client.page_image(one.template.name, number) for number in range(1, max(one.template.pages, 1) + 1)]


def dark(one: InvoiceMap, pages: Sequence[bytes | None]) -> set[Zone]:
    """The zones that are printed light on dark, of all pages."""
    found: set[Zone] = set()
    for number, image in enumerate(pages, start=1):
        if image:
            found |= pins.dark_zones(image, [zone for zone in one.zones if zone.page == number])
    return found


def pickers(visit: Visit, templates: Sequence[TemplateSummary], chosen: str, against: str | None) -> None:
    names = [template.name for template in templates]
    others = [ALONE, *(name for name in names if name != chosen)]
    _pick(visit.t("map.version"), "version", names, chosen, str)
    _pick(
        visit.t("map.against"),
        "against",
        others,
        against or ALONE,
        lambda name: visit.t("map.alone") if name == ALONE else visit.t("map.compared", version=name),
    )


def _pick(label: str, key: str, names: list[str], now: str, called: Callable[[str], str]) -> None:
    st.session_state[key] = now
    st.selectbox(
        label,
        names,
        key=key,
        format_func=called,
        on_change=_write,
        args=(key,),
        label_visibility="collapsed",
        width=230,
    )


def _write(name: str) -> None:
    st.query_params[name] = st.session_state[name]
