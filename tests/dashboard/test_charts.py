from datetime import date, timedelta
from itertools import pairwise

from dashboard import charts
from dashboard.language import Texts
from models.figures import Release
from models.values import DocumentType
from tests.dashboard.stand_in import overview

POINTS = overview().trend


def test_a_week_that_the_data_or_the_period_cuts_short_is_left_out() -> None:
    weeks = sorted({point.week for point in POINTS})
    first, last = weeks[0] + timedelta(days=1), weeks[-1] + timedelta(days=5)
    assert {point.week for point in charts.whole_weeks(POINTS, first, last)} == set(weeks[1:-1])
    assert charts.whole_weeks(POINTS, weeks[0], weeks[-1] + timedelta(days=6)) == list(POINTS)


def test_the_names_of_narrow_bands_do_not_cover_each_other() -> None:
    placed = charts.spread([290, 285, 284, 283, 100, 99])
    assert all(lower - upper >= charts.NAME_HEIGHT for lower, upper in pairwise(placed))
    assert placed[4] == 100, "a name with room stays where its band is"


def test_a_long_name_is_broken_near_its_middle() -> None:
    assert charts.in_two_lines("Understanding the invoice") == "Understanding\nthe invoice"
    assert charts.in_two_lines("Paying") == "Paying"


def test_releases_close_together_have_their_names_in_rows_of_their_own() -> None:
    released = [
        Release(on=date(2025, 9, day), template_version=f"v{day}", document_type=DocumentType.INVOICE)
        for day in (1, 2, 3)
    ]
    marks = charts.release_marks(Texts("en"), POINTS, released)
    rows = {row["row"] for mark in marks for data in mark.to_dict()["datasets"].values() for row in data}
    assert len(rows) == 3
    assert max(rows) < 0, "above the bands"
    assert charts.release_marks(Texts("en"), POINTS, [released[0].model_copy(update={"on": date(2020, 1, 1)})]) == []
