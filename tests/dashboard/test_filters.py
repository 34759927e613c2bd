from datetime import date
from urllib.parse import parse_qs

from dashboard.filters import from_address, href, months, to_query, with_period
from models.filters import Filter, FilterChoices
from models.speech import Channel
from models.taxonomy import Feature, Reason, Step
from models.values import DocumentType


def choices(first: date | None, last: date | None) -> FilterChoices:
    return FilterChoices(
        first_day=first,
        last_day=last,
        default_since=first and date(2025, 9, 1),
        default_until=first and date(2025, 9, 30),
        languages=(),
        channels=(),
        queues=(),
        document_types=(),
        template_versions=(),
        segments=(),
    )


FULL = Filter(
    since=date(2025, 10, 1),
    until=date(2025, 10, 31),
    sent_since=date(2025, 9, 1),
    sent_until=date(2025, 9, 2),
    languages=("sv", "fi"),
    channels=(Channel.CHAT,),
    queues=("billing & more",),
    document_types=(DocumentType.REMINDER,),
    template_versions=("invoice-a", "ö/1"),
    segments=("private",),
    reasons=(Reason.DUE_DATE,),
    features=(Feature.DUE_DATE,),
    steps=(Step.OPEN,),
)


def test_a_filter_written_to_an_address_is_read_back_unchanged() -> None:
    address = href("map", to_query(FULL))
    assert from_address(parse_qs(address.partition("?")[2])) == FULL
    assert all(getattr(FULL, name) for name in Filter.model_fields), "every field is in the round trip"


def test_what_makes_no_sense_in_an_address_is_left_out_and_the_rest_kept() -> None:
    address = {"since": ["yesterday"], "reason": ["nonsense"], "step": ["open"], "other": ["1"]}
    assert from_address(address) == Filter(steps=(Step.OPEN,))


def test_a_link_replaces_what_it_changes_and_keeps_the_rest() -> None:
    query = (("lang", "sv"), ("reason", "due_date"), ("reason", "how_to_pay"))
    assert href("reasons", query, reason="due_date", offset=None) == "./reasons?lang=sv&reason=due_date"


def test_without_a_period_the_one_that_the_api_names_is_shown() -> None:
    known = choices(date(2025, 7, 3), date(2025, 10, 31))
    shown = with_period(Filter(queues=("billing",)), known)
    assert shown == Filter(since=date(2025, 9, 1), until=date(2025, 9, 30), queues=("billing",))


def test_one_day_alone_reaches_to_the_end_of_the_data() -> None:
    known = choices(date(2025, 7, 3), date(2025, 10, 31))
    assert with_period(Filter(since=date(2025, 8, 5)), known).until == date(2025, 10, 31)
    assert with_period(Filter(until=date(2025, 8, 5)), known).since == date(2025, 7, 3)


def test_the_months_offered_are_those_with_data_newest_first() -> None:
    offered = months(choices(date(2024, 12, 31), date(2025, 2, 1)))
    assert [first for first, _ in offered] == [date(2025, 2, 1), date(2025, 1, 1), date(2024, 12, 1)]
    assert offered[0][1] == date(2025, 2, 28)


def test_no_data_means_no_period() -> None:
    assert with_period(Filter(), choices(None, None)) == Filter()
