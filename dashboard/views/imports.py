"""What came in, what was refused, and what was taken out of it."""

from __future__ import annotations

from dashboard import client
from dashboard.language import Texts
from dashboard.render import show as render
from dashboard.visit import Visit
from models.stored import ImportSummary
from models.values import PiiKind

FILE_KINDS = {
    "conversations_jsonl": "kind.conversations_jsonl",
    "conversations_csv": "kind.conversations_csv",
    "invoice_register_csv": "kind.invoice_register_csv",
    "ubl_invoice": "kind.ubl_invoice",
    "template_version": "kind.template_version",
    "bgmax": "kind.bgmax",
    "camt": "kind.camt",
}
"""The kinds of file that an import knows, in the order they are shown, and the text that names each."""
SHOWN = 6
"""How many files of a kind are listed before the rest is folded away."""


def show(visit: Visit) -> None:
    kinds = {str(kind): visit.t.name(kind) for kind in PiiKind}
    by_kind: dict[str, list[ImportSummary]] = {kind: [] for kind in FILE_KINDS}
    for one in client.imports():
        by_kind.setdefault(one.kind, []).append(one)
    files = {named(visit.t, kind): found for kind, found in by_kind.items() if found}
    render("imports.html", visit, files=files, kinds=kinds, shown=SHOWN)


def named(t: Texts, kind: str) -> str:
    return t(FILE_KINDS[kind]) if kind in FILE_KINDS else kind
