"""Colours, and the small pictures that are drawn as SVG."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from models.figures import Ratio, StepFigures

INK, MUTED, HAIRLINE, PAPER = "#1b2733", "#5c6873", "#e2e2dc", "#ffffff"
COSTS, WORKS = "#b5451b", "#0f5f66"
WATER = "#c9d6dc"
GREYS = ("#cdd4d9", "#b9c3ca", "#dde2e5", "#a9b5bd", "#d3dade", "#c3ccd2")

HEAT = ("#fdf0e4", "#fbdcc0", "#f6c197", "#eca06a", "#dc7c42", "#bb5520", "#9c3f14", "#6f2a0c")
"""One hue, even steps of lightness (OKLCH 0.96 to 0.38), so that it reads the same to the colour-blind."""
TAGS = ("#b5451b", "#6b4a93", "#1f6aa5", "#8a6a00", "#2c7a4b", "#a1356b")
"""The colours of a conversation's reasons, in their order."""


def heat(ratio: Ratio, highest: float) -> str:
    """The colour of a rate on a scale that ends at ``highest``; white where nothing can be told."""
    if ratio.value is None or highest <= 0:
        return PAPER
    step = min(int(len(HEAT) * ratio.value / highest), len(HEAT) - 1)
    return HEAT[step]


def on(colour: str) -> str:
    """Ink or white, whichever reads better on a colour of the heat scale."""
    return PAPER if colour in HEAT[5:] else INK


def highest(ratios: Sequence[Ratio]) -> float:
    return max((ratio.value for ratio in ratios if ratio.value is not None), default=0.0)


def picture(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def png(image: bytes) -> str:
    return "data:image/png;base64," + b64encode(image).decode()


def spark(values: Sequence[float], colour: str = MUTED) -> str:
    """A line of values from zero up, without axes."""
    top, last = max(*values, 1), max(len(values) - 1, 1)
    points = [(200 * n / last, 46 - 42 * value / top) for n, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 48" preserveAspectRatio="none">'
        f'<polygon points="0,48 {line} 200,48" fill="{colour}" opacity=".10"/>'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" vector-effect="non-scaling-stroke"'
        f' stroke-linejoin="round"/></svg>'
    )


def river(steps: Sequence[StepFigures], height: int = 260) -> str:
    """Documents flow from left to right; at each step a stream leaves, as wide as its rate of contacts."""
    top, widest, most = 18, max((s.documents for s in steps), default=0) or 1, highest([s.rate for s in steps]) or 1
    column, bed = 100, 120
    widths = [bed * step.documents / widest for step in steps]
    lower = [top + max(width, 2) for width in widths]
    flow = f"M0,{top} H{column * len(steps)} V{lower[-1]:.1f} H{column * (len(steps) - 0.5)} "
    for n in range(len(steps) - 1, 0, -1):
        flow += f"C{column * n},{lower[n]:.1f} {column * n},{lower[n - 1]:.1f} {column * (n - 0.5)},{lower[n - 1]:.1f} "
    falls = "".join(
        _fall(column * (n + 0.5), low, height, 44 * (step.rate.value or 0) / most)
        for n, (step, low) in enumerate(zip(steps, lower, strict=True))
        if step.rate.value
    )
    return picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {column * len(steps)} {height}" '
        f'preserveAspectRatio="none"><defs><linearGradient id="f" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{WATER}"/><stop offset=".35" stop-color="{COSTS}"/></linearGradient></defs>'
        f'<path d="{flow}H0 Z" fill="{WATER}"/>{falls}</svg>'
    )


def _fall(x: float, start: float, end: float, width: float) -> str:
    """A stream that leaves the river at its lower edge, narrow contacts as a hair and many as a band."""
    half = max(width, 1.2) / 2
    path = (
        f"M{x - half - 14:.1f},{start - 1:.1f} C{x - half:.1f},{start:.1f} {x - half:.1f},{start + 8:.1f} "
        f"{x - half:.1f},{start + 26:.1f} V{end} H{x + half:.1f} V{start + 26:.1f} "
        f"C{x + half:.1f},{start + 8:.1f} {x + half:.1f},{start:.1f} {x + half + 14:.1f},{start - 1:.1f} Z"
    )
    return f'<path d="{path}" fill="url(#f)"/>'
