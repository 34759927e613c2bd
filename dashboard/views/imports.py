"""What came in, what was refused, and what was taken out of it."""

from __future__ import annotations

from dashboard import client
from dashboard.render import show as render
from dashboard.visit import Visit
from models.values import PiiKind

SHOWN = 6
"""How many files of a kind are listed before the rest is folded away."""


def show(visit: Visit) -> None:
    kinds = {str(kind): visit.t.name(kind) for kind in PiiKind}
    render("imports.html", visit, imports=client.imports(), kinds=kinds, shown=SHOWN)
