"""An A4 page that is drawn in millimetres from its upper left corner and remembers where each feature was drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.sample.company import LEGAL_NAME
from models.taxonomy import Feature
from models.values import Zone

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 0.9
"""How far a zone reaches beyond what is drawn in it, in millimetres."""


class Ink(NamedTuple):
    """How words are set; ``size`` in points."""

    font: str
    size: float
    colour: str = "#1b1f23"


class Sheet:
    """One page. Every drawing call inside ``with sheet.zone(feature)`` widens that feature's zone."""

    def __init__(self, title: str) -> None:
        self._bytes = io.BytesIO()
        self._canvas = Canvas(self._bytes, pagesize=(WIDTH * mm, HEIGHT * mm), invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(LEGAL_NAME)
        self._open: list[tuple[list[tuple[float, float, float, float]], list[str]]] = []
        self.zones: list[Zone] = []

    def pdf(self) -> bytes:
        """Finish the page."""
        self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()

    @contextmanager
    def zone(self, feature: Feature) -> Iterator[None]:
        boxes: list[tuple[float, float, float, float]] = []
        words: list[str] = []
        self._open.append((boxes, words))
        yield
        self._open.pop()
        x0, y0 = min(box[0] for box in boxes) - MARGIN, min(box[1] for box in boxes) - MARGIN
        x1, y1 = max(box[2] for box in boxes) + MARGIN, max(box[3] for box in boxes) + MARGIN
        place = (round(max(0.0, min(1.0, share)), 4) for share in (x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT))
        left, top, right, bottom = place
        text = " ".join(words)
        self.zones.append(Zone(feature=feature, page=1, x0=left, y0=top, x1=right, y1=bottom, text=text))

    def text(self, x: float, y: float, words: str, ink: Ink, align: str = "left") -> float:
        """Write on the baseline ``y``; ``x`` is the left end, the right end or the centre. Returns the width."""
        width = self.width(words, ink)
        left = x - {"left": 0.0, "right": width, "centre": width / 2}[align]
        self._canvas.setFont(ink.font, ink.size)
        self._canvas.setFillColor(HexColor(ink.colour))
        self._canvas.drawString(left * mm, (HEIGHT - y) * mm, words)
        ascent, descent = ink.size * 0.72 / mm, ink.size * 0.21 / mm
        self._cover(left, y - ascent, left + width, y + descent, words)
        return width

    def paragraph(self, x: float, y: float, width: float, words: str, ink: Ink, *, leading: float = 1.4) -> float:
        """Write wrapped lines from the baseline ``y`` on; returns the baseline of the line that would follow."""
        for line in simpleSplit(words, ink.font, ink.size, width * mm):
            self.text(x, y, line, ink)
            y += ink.size * leading / mm
        return y

    @staticmethod
    def width(words: str, ink: Ink) -> float:
        return float(stringWidth(words, ink.font, ink.size) / mm)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        line: str | None = None,
        radius: float = 0,
        weight: float = 0.5,
    ) -> None:
        """A rectangle from its upper left corner; ``weight`` in points."""
        self._canvas.setFillColor(HexColor(fill or "#ffffff"))
        self._canvas.setStrokeColor(HexColor(line or "#ffffff"))
        self._canvas.setLineWidth(weight)
        place = (x * mm, (HEIGHT - y - height) * mm, width * mm, height * mm, radius * mm)
        self._canvas.roundRect(*place, stroke=int(line is not None), fill=int(fill is not None))
        self._cover(x, y, x + width, y + height)

    def rule(
        self, x: float, y: float, x1: float, y1: float, colour: str, *, weight: float = 0.5, dash: float = 0
    ) -> None:
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(weight)
        self._canvas.setDash([dash, dash] if dash else [])
        self._canvas.line(x * mm, (HEIGHT - y) * mm, x1 * mm, (HEIGHT - y1) * mm)
        self._canvas.setDash([])

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.circle(x * mm, (HEIGHT - y) * mm, radius * mm, stroke=0, fill=1)
        self._cover(x - radius, y - radius, x + radius, y + radius)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        """A filled outline through ``points``, curved: every three points after the first are a Bézier step."""
        path = self._canvas.beginPath()
        flipped = [(x * mm, (HEIGHT - y) * mm) for x, y in points]
        path.moveTo(*flipped[0])
        for first, second, third in zip(flipped[1::3], flipped[2::3], flipped[3::3], strict=True):
            path.curveTo(*first, *second, *third)
        path.close()
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.drawPath(path, stroke=0, fill=1)

    def qr(self, x: float, y: float, size: float, content: str, colour: str) -> None:
        widget = QrCodeWidget(content, barLevel="M", barBorder=0, barFillColor=HexColor(colour))
        widget.barWidth = widget.barHeight = size * mm
        drawing = Drawing(size * mm, size * mm)
        drawing.add(widget)
        renderPDF.draw(drawing, self._canvas, x * mm, (HEIGHT - y - size) * mm)
        self._cover(x, y, x + size, y + size)

    def _cover(self, x0: float, y0: float, x1: float, y1: float, words: str = "") -> None:
        for boxes, said in self._open:
            boxes.append((x0, y0, x1, y1))
            if words:
                said.append(words)
