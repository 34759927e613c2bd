"""Pictures of the tagger's accuracy for the README and the model card.

usage: python -m evaluation.pictures

Draws what ``python -m evaluation.accuracy`` stored in evaluation/results/accuracy.json, as SVG beside it: which
reasons are taken for which (confusions.svg), how often a stated confidence is right (reliability.svg), how right the
surest tags are (coverage.svg). Colours that the colour-blind can tell apart: Okabe and Ito (2008), and cividis (Nuñez
et al. 2018).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import altair as alt

from insights.intervals import wilson
from models.taxonomy import Reason

Table = list[dict[str, Any]]
RESULTS = Path(__file__).parent / "results"
Picture = alt.LayerChart | alt.FacetChart  # as altair types a layer
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#767676"
SIDE = 320  # pixels of a square picture
CELL = 22
REASONS = [reason.value for reason in Reason]


def confusion(table: Table) -> Picture:
    """``table``: rows of ``is``, ``tagged``, ``n`` that are not 0, those that are right among them."""
    total = {reason: sum(row["n"] for row in table if row["is"] == reason) for reason in REASONS}
    cells = [row | {"share": row["n"] / total[row["is"]]} for row in table]
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        x=alt.X("tagged:N", sort=REASONS, scale=alt.Scale(domain=REASONS), title="tagged").axis(labelAngle=-60),
        y=alt.Y("is:N", sort=REASONS, scale=alt.Scale(domain=REASONS), title="is"),
    )
    shade = alt.Color("share:Q", scale=alt.Scale(scheme="cividis", reverse=True, domain=[0, 1]), title="of the row")
    number = base.mark_text(fontSize=9).encode(
        text="n:Q", color=alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black"))
    )
    size = CELL * len(REASONS)
    return alt.layer(base.mark_rect().encode(color=shade.legend(format="%")), number).properties(
        width=size, height=size
    )


def reliability(table: Table) -> Picture:
    """``table``: rows of ``n``, ``mean_confidence``, ``accuracy``, one a bin. Whiskers are 95 % intervals."""
    bins = []
    for row in table:
        low, high = wilson(round(row["accuracy"] * row["n"]), row["n"])
        bins.append(row | {"low": low, "high": high})
    base = alt.Chart(alt.InlineData(values=bins)).encode(x=share("mean_confidence", "stated confidence"))
    even = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
    return alt.layer(
        even.mark_line(color=GREY, strokeDash=[4, 4]).encode(x="x:Q", y="y:Q"),
        base.mark_rule(color=BLUE).encode(y="low:Q", y2="high:Q"),
        base.mark_point(color=BLUE, filled=True, opacity=1).encode(
            y=share("accuracy", "right"), size=alt.Size("n:Q", title="conversations")
        ),
    ).properties(width=SIDE, height=SIDE)


def coverage(table: Table) -> Picture:
    """``table``: rows of ``coverage``, ``accuracy``."""
    least = min(row["accuracy"] for row in table)
    base = alt.Chart(alt.InlineData(values=table)).encode(
        x=share("coverage", "conversations tagged, the surest first"),
        y=share("accuracy", "right").scale(domain=[least - 0.05, 1], zero=False),
    )
    number = base.mark_text(align="right", dx=-8, dy=8, fontSize=10).encode(text=alt.Text("accuracy:Q", format=".1%"))
    line = base.mark_line(color=ORANGE, point=alt.OverlayMarkDef(color=ORANGE))
    return alt.layer(line, number).properties(width=SIDE, height=SIDE)


def share(field: str, title: str) -> Any:
    """An axis from 0 to 100 %."""
    channel = alt.Y if field == "accuracy" else alt.X
    return channel(f"{field}:Q", title=title, scale=alt.Scale(domain=[0, 1])).axis(format="%")


PICTURES = {"Confusions": confusion, "Reliability": reliability, "Coverage": coverage}


def table_named(tables: dict[str, Table], name: str) -> Table:
    found = [table for title, table in tables.items() if title.startswith(name)]
    if not found:
        raise SystemExit(f"{name} is not stored: run python -m evaluation.accuracy first")
    return found[0]


def draw(tables: dict[str, Table], folder: Path) -> list[Path]:
    drawn = []
    for name, picture in PICTURES.items():
        chart = picture(table_named(tables, name)).configure(background="white", font="sans-serif")
        drawn.append(folder / f"{name.lower()}.svg")
        chart.save(drawn[-1])
    return drawn


def main() -> None:
    tables = json.loads((RESULTS / "accuracy.json").read_text(encoding="utf-8"))
    for path in draw(tables, RESULTS):
        print(path)


if __name__ == "__main__":
    main()
