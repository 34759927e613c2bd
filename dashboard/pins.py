"""Where the numbers stand on the picture of a page, so that they cover neither one another nor what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from models.figures import InvoiceMap
from models.taxonomy import Feature
from models.values import Zone

SHOWN = 6
"""How many of a version's numbers stand on its pages; the others show when a zone is pointed at."""
WIDTH, HEIGHT, GAP = 0.098, 0.032, 0.004
"""Of a pin, and between it and its zone, as shares of the page."""
DARK = 110
"""Mean lightness (0-255) below which a tint that darkens the page cannot be seen."""


class Box(NamedTuple):
    """In shares of the page."""

    x0: float
    y0: float
    x1: float
    y1: float

    def shared_with(self, other: Box | Zone) -> float:
        """The area that both cover."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(width, 0) * max(height, 0)


class Pin(NamedTuple):
    """The middle of a number, in per cent of its zone's width and height."""

    left: float
    top: float


def place(one: InvoiceMap) -> dict[Zone, Pin]:
    """A place for the highest rates, once a feature; a number that finds none without covering another gets none."""
    rates = {found.feature: found.rate.value for found in one.features if found.rate.value is not None}
    placed: dict[Zone, Box] = {}
    for zone in highest_first(one.zones, rates):
        others = [other for other in one.zones if other.page == zone.page]
        pins = [box for known, box in placed.items() if known.page == zone.page]
        free = [box for box in around(zone) if not any(box.shared_with(pin) for pin in pins)]
        if free:
            placed[zone] = min(free, key=lambda box: sum(box.shared_with(other) for other in others))
    return {zone: middle(box, zone) for zone, box in placed.items()}


def highest_first(zones: Iterable[Zone], rates: Mapping[Feature, float]) -> list[Zone]:
    largest: dict[Feature, Zone] = {}
    for zone in zones:
        if zone.feature in rates:
            known = largest.get(zone.feature, zone)
            largest[zone.feature] = max(known, zone, key=lambda z: (z.x1 - z.x0) * (z.y1 - z.y0))
    return sorted(largest.values(), key=lambda zone: -rates[zone.feature])[:SHOWN]


def around(zone: Zone) -> list[Box]:
    """The places beside, above and below a zone that lie on the page, the best first."""
    beside = [(x, (zone.y0 + zone.y1 - HEIGHT) / 2) for x in (zone.x1 + GAP, zone.x0 - GAP - WIDTH)]
    across = (zone.x1 - WIDTH, zone.x0, (zone.x0 + zone.x1 - WIDTH) / 2)
    above_and_below = [(x, y) for y in (zone.y0 - GAP - HEIGHT, zone.y1 + GAP) for x in across]
    boxes = [Box(x, y, x + WIDTH, y + HEIGHT) for x, y in beside + above_and_below]
    return [box for box in boxes if box.x0 >= 0 and box.y0 >= 0 and box.x1 <= 1 and box.y1 <= 1]


def middle(box: Box, zone: Zone) -> Pin:
    left = ((box.x0 + box.x1) / 2 - zone.x0) / max(zone.x1 - zone.x0, 0.001)
    top = ((box.y0 + box.y1) / 2 - zone.y0) / max(zone.y1 - zone.y0, 0.001)
    return Pin(100 * left, 100 * top)


def dark_zones(image: bytes, zones: Iterable[Zone]) -> set[Zone]:
    """The zones of a page (PNG) that are printed light on dark."""
    page = Image.open(BytesIO(image)).convert("L")
    found = set()
    for zone in zones:
        x0, y0 = int(zone.x0 * page.width), int(zone.y0 * page.height)
        part = page.crop((x0, y0, max(int(zone.x1 * page.width), x0 + 1), max(int(zone.y1 * page.height), y0 + 1)))
        shades = part.histogram()
        if sum(n * shade for shade, n in enumerate(shades)) < DARK * part.width * part.height:
            found.add(zone)
    return found
