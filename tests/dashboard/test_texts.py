import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

import dashboard
from dashboard.language import Texts, language_of, load
from dashboard.render import ENVIRONMENT
from models.figures import MoneyEstimate, Ratio
from models.labels import LANGUAGES

SOURCES = [
    path.read_text(encoding="utf-8")
    for path in Path(dashboard.__path__[0]).rglob("*")
    if path.suffix in (".py", ".html") and ".streamlit" not in path.parts
]


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_exists_in_every_language_and_takes_the_same_values(language: str) -> None:
    english, texts = load("en"), load(language)
    assert list(texts) == list(english)
    for key, text in texts.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(english[key]), key


def test_every_text_that_a_page_asks_for_exists() -> None:
    said = re.sub(r"data-figure=\"[^\"]*\"", "", "\n".join(SOURCES))
    asked = set(re.findall(r"\bt\(\s*['\"]([a-z_.]+)['\"][,)]", said))
    assert len(asked) > 100
    assert asked <= set(load("en"))


def test_no_text_is_left_that_no_page_says() -> None:
    said = "\n".join(SOURCES)
    built = tuple(re.findall(r"['\"]([a-z]+\.(?:[a-z]+\.)?)(?:['\"] ~|\{)", said))
    assert [
        key for key in load("en") if f"'{key}'" not in said and f'"{key}"' not in said and not key.startswith(built)
    ] == []


@pytest.mark.parametrize(
    ("language", "money", "between"),
    [
        ("sv", "41 238 kr", "37 938–44 536 kr"),
        ("nb", "41 238 SEK", "37 938–44 536 SEK"),
        ("da", "41.238 SEK", "37.938–44.536 SEK"),
        ("fi", "41 238 SEK", "37 938–44 536 SEK"),
        ("en", "SEK 41,238", "SEK 37,938–44,536"),
    ],
)
def test_money_is_written_as_the_language_does(language: str, money: str, between: str) -> None:
    t = Texts(language)
    cost = MoneyEstimate(amount=Decimal("41237.50"), low=Decimal("37938.10"), high=Decimal("44536.20"), currency="SEK")
    assert plain(t.cost(cost)) == money
    assert plain(t.cost_between(cost)) == between


def test_a_month_stands_in_a_sentence_as_the_language_bends_it() -> None:
    said = [plain(Texts(language).during(date(2025, 10, 1), date(2025, 10, 31))) for language in LANGUAGES]
    assert said == ["i oktober 2025", "i oktober 2025", "i oktober 2025", "lokakuussa 2025", "in October 2025"]


def test_a_rate_of_too_few_is_never_a_number() -> None:
    few = Ratio(count=3, denominator=900, per=1000, value=None, low=None, high=None, too_few=True)
    assert Texts("en").rate(few) == "too few to tell (n\u00a0=\u00a03)"


def test_a_share_is_shown_in_per_cent_whatever_it_is_per() -> None:
    for per in (1, 100):
        share = Ratio(
            count=31, denominator=100, per=per, value=per * 0.31, low=per * 0.29, high=per * 0.33, too_few=False
        )
        assert plain(Texts("sv").rate(share)) == "31 %"
        assert plain(Texts("sv").between(share)) == "29–33 %"


@pytest.mark.parametrize(
    ("asked", "browser", "spoken"),
    [("fi", "sv-SE", "fi"), (None, "no", "nb"), (None, "nn-NO", "nb"), (None, "de-DE", "en"), ("xx", None, "en")],
)
def test_the_address_chooses_the_language_before_the_browser(
    asked: str | None, browser: str | None, spoken: str
) -> None:
    assert language_of(asked, browser) == spoken


def plain(text: str) -> str:
    """Without the kinds of space that keep a number together."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(("same", "sign"), [(True, "■"), (False, "▼")])
def test_a_share_that_is_written_as_before_gets_no_arrow(same: bool, sign: str) -> None:
    change = ENVIRONMENT.get_template("macros.html").module.change  # type: ignore[attr-defined]  # a macro of ours
    assert sign in change(Texts("en"), 87.0, 88.0, 85.0, 89.0, 86.0, 90.0, share=True, same=same)
