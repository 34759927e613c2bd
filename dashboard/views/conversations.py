"""The conversations behind a figure."""

from __future__ import annotations

from dashboard import client
from dashboard.filter_line import filter_line
from dashboard.render import show as render
from dashboard.visit import Visit

PAGE = 25


def show(visit: Visit) -> None:
    filter_line(visit)
    asked = visit.asked("offset") or "0"
    offset = int(asked) if asked.isdecimal() else 0
    page = client.conversations(visit.query, offset, PAGE)
    tags = [*visit.filter.features, *visit.filter.reasons]
    render("conversations.html", visit, page=page, tag=tags[0] if tags else None)
