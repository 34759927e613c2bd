"""Template versions as files have them, and which letters were printed with them."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.tables import InvoiceEventRow, InvoiceRow, TemplatePageRow, TemplateVersionRow, TemplateZoneRow
from tests.ingest.conftest import Importer
from tests.ingest.written import register

ZONE = {"feature": "due_date", "page": 1, "x0": 0.1, "y0": 0.1, "x1": 0.4, "y1": 0.2, "text": "Due"}


def bundle(name: str = "a", **more: object) -> str:
    usual = {"name": name, "document_type": "invoice", "valid_from": "2026-01-01", "zones": [ZONE]}
    return json.dumps(usual | more)


def layout(words: str, pages: int = 1) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=True)
    for _ in range(pages):
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_the_pages_of_a_layout_are_kept_as_pictures(importer: Importer) -> None:
    importer.path("in/a.pdf", layout("Invoice", pages=2))
    importer.path("in/a.json", bundle(layout="a.pdf"))
    (summary,) = importer(importer.folder / "in")
    assert (summary.kind, summary.imported, summary.rejected) == ("template_version", 1, 0)
    with Session(importer.engine) as session:
        pages = session.scalars(select(TemplatePageRow).options(undefer(TemplatePageRow.image))).all()
    assert [page.number for page in pages] == [1, 2]
    assert Image.open(BytesIO(pages[0].image)).size == pytest.approx((909, 1287), abs=2)
    assert [zone.feature for zone in importer.rows(TemplateZoneRow)] == ["due_date"]


def test_a_new_layout_under_the_same_description_is_noticed(importer: Importer) -> None:
    importer.path("in/a.pdf", layout("Invoice"))
    importer.path("in/a.json", bundle(layout="a.pdf"))
    first, again = importer(importer.folder / "in"), importer(importer.folder / "in")
    importer.path("in/a.pdf", layout("Another invoice"))
    changed = importer(importer.folder / "in")
    assert [(each[0].imported, each[0].duplicates) for each in (first, again, changed)] == [(1, 0), (0, 1), (1, 0)]
    assert len(importer.rows(TemplateVersionRow)) == len(importer.rows(TemplateZoneRow)) == 1


@pytest.mark.parametrize("name", ["missing.pdf", "../a.pdf", "broken.pdf"])
def test_a_layout_that_is_missing_elsewhere_or_broken_is_told(importer: Importer, name: str) -> None:
    importer.path("a.pdf", layout("Invoice"))
    importer.path("in/broken.pdf", b"%PDF-nonsense")
    (summary,) = importer(importer.path("in/a.json", bundle(layout=name)))
    assert (summary.imported, summary.rejected) == (0, 1)
    assert "layout" in importer.problems[0].problem
    assert not importer.rows(TemplateVersionRow)


def test_a_description_fills_in_the_version_that_a_register_named(importer: Importer) -> None:
    importer(importer.path("a.csv", register({"number": "F1", "template_version": "a"})))
    importer(importer.path("a.json", bundle(note="blue")))
    (version,) = importer.rows(TemplateVersionRow)
    assert (version.note, importer.rows(InvoiceRow)[0].template_version_id) == ("blue", version.id)


@pytest.mark.parametrize("bills_first", [True, False])
def test_a_letter_without_a_version_gets_the_only_one_that_fits(importer: Importer, bills_first: bool) -> None:
    bills = importer.path(
        "bills.csv",
        register(
            {"number": "F1", "segment": "home", "reminded_on": "2026-04-05"},
            {"number": "F2", "segment": "firm"},
            {"number": "F3", "segment": "home", "issued_on": "2026-07-01", "due_on": ""},
        ),
    )
    versions = [
        importer.path("1.json", bundle("home", segment="home", valid_to="2026-06-30")),
        importer.path("2.json", bundle("firm-1", segment="firm")),
        importer.path("3.json", bundle("reminder", document_type="reminder")),
    ]
    for files in ([bills], versions) if bills_first else (versions, [bills]):
        importer(*files)
    names = {version.id: version.name for version in importer.rows(TemplateVersionRow)}
    found = [(e.kind, names.get(e.template_version_id or 0)) for e in importer.rows(InvoiceEventRow) if e.kind != "due"]
    assert sorted(found, key=str) == [("reminded", "reminder"), ("sent", "firm-1"), ("sent", "home"), ("sent", None)]
    of_invoices = [names.get(invoice.template_version_id or 0) for invoice in importer.rows(InvoiceRow)]
    assert of_invoices == ["home", "firm-1", None]


def test_a_letter_that_two_versions_fit_gets_none(importer: Importer) -> None:
    versions = [importer.path(f"{name}.json", bundle(name)) for name in ("a", "b")]
    importer(*versions, importer.path("bills.csv", register({"number": "F1"})))
    assert importer.rows(InvoiceRow)[0].template_version_id is None
