from io import BytesIO
from itertools import combinations

from PIL import Image

from dashboard import pins
from models.figures import FeatureRate, InvoiceMap
from models.taxonomy import Feature
from models.values import Zone
from tests.dashboard.stand_in import known, ratio


def zone(feature: Feature, x0: float, y0: float, x1: float, y1: float) -> Zone:
    return Zone(feature=feature, page=1, x0=x0, y0=y0, x1=x1, y1=y1)


def mapped(zones: list[Zone], counts: dict[Feature, int]) -> InvoiceMap:
    rates = [FeatureRate(feature=feature, shown=True, rate=ratio(n, 2480)) for feature, n in counts.items()]
    return InvoiceMap(template=known("invoice-a"), zones=tuple(zones), features=tuple(rates))


def on_page(zone: Zone, pin: pins.Pin) -> pins.Box:
    x = zone.x0 + pin.left / 100 * (zone.x1 - zone.x0)
    y = zone.y0 + pin.top / 100 * (zone.y1 - zone.y0)
    return pins.Box(x - pins.WIDTH / 2, y - pins.HEIGHT / 2, x + pins.WIDTH / 2, y + pins.HEIGHT / 2)


def test_numbers_of_parts_in_one_line_cover_neither_each_other_nor_their_own_part() -> None:
    features = list(Feature)[:8]
    line = [zone(f, 0.1 + 0.09 * n, 0.9, 0.18 + 0.09 * n, 0.91) for n, f in enumerate(features)]
    placed = pins.place(mapped(line, {f: 10 + n for n, f in enumerate(features)}))
    boxes = [on_page(zone, pin) for zone, pin in placed.items()]
    assert len(boxes) >= 4
    assert max(a.shared_with(b) for a, b in combinations(boxes, 2)) < 1e-9
    assert max(box.shared_with(zone) for box, zone in zip(boxes, placed, strict=True)) < 1e-9


def test_the_highest_numbers_are_shown_once_a_part_and_too_few_never() -> None:
    high, twice, few = Feature.PAYMENT_REFERENCE, Feature.DUE_DATE, Feature.VAT
    zones = [zone(f, 0.1, y, 0.4, y + 0.03) for f, y in ((high, 0.1), (twice, 0.3), (twice, 0.5), (few, 0.7))]
    placed = pins.place(mapped(zones, {high: 80, twice: 20, few: 2}))
    assert [zone.feature for zone in placed] == [high, twice]


def test_a_number_stays_on_the_page() -> None:
    corners = [zone(Feature.VAT, 0.9, 0, 1, 0.02), zone(Feature.FEES, 0, 0.98, 0.1, 1)]
    for part, pin in pins.place(mapped(corners, {Feature.VAT: 9, Feature.FEES: 9})).items():
        assert min(on_page(part, pin)) > -1e-9
        assert max(on_page(part, pin)) < 1 + 1e-9


def test_a_part_printed_light_on_dark_is_known_as_such() -> None:
    page = Image.new("RGB", (100, 100), "white")
    page.paste("#0b5a50", (0, 0, 100, 20))
    out = BytesIO()
    page.save(out, "PNG")
    dark, light = zone(Feature.RECIPIENT_DETAILS, 0.1, 0.05, 0.4, 0.15), zone(Feature.VAT, 0.1, 0.5, 0.4, 0.6)
    assert pins.dark_zones(out.getvalue(), [dark, light]) == {dark}
