"""Every word and number on a page, in the reader's language."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_month_names
from babel.numbers import format_currency, format_decimal, format_percent

from models.figures import MoneyEstimate, Ratio
from models.labels import LANGUAGES, describe, label

LOCALES = {"sv": "sv_SE", "nb": "nb_NO", "da": "da_DK", "fi": "fi_FI", "en": "en_GB"}
PERCENT = (1, 100)
"""What a ratio is per where it is a share, shown in per cent."""
TEXTS = Path(__file__).parent / "texts"


@cache
def load(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def language_of(asked: str | None, browser: str | None) -> str:
    """The language asked for in the address, else the browser's, else English."""
    spoken = {"no": "nb", "nn": "nb"}.get((browser or "")[:2], (browser or "")[:2])
    return next((language for language in (asked, spoken) if language in LANGUAGES), "en")


@dataclass(frozen=True)
class Texts:
    """Say things in one language: ``t("page.map")``, ``t.money(…)``."""

    language: str
    zone: tzinfo = UTC

    @property
    def locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def __call__(self, key: str, **values: object) -> str:
        return load(self.language)[key].format(**values)

    def name(self, id: StrEnum) -> str:
        return label(id, self.language)

    def inside(self, id: StrEnum) -> str:
        """Its name within a sentence: small, but for abbreviations such as OCR."""
        name = self.name(id)
        return name if name[1:2].isupper() else name[0].lower() + name[1:]

    def about(self, id: StrEnum) -> str:
        return describe(id, self.language)

    def tongue(self, code: str) -> str:
        """The name of a language, in the reader's."""
        name = Locale.parse(code).get_display_name(self.locale)
        return (name or code).capitalize()

    def number(self, value: float | Decimal, digits: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=self.locale)

    def signed(self, value: float, digits: int = 1) -> str:
        shown = self.number(abs(value), digits)
        return shown if shown == self.number(0, digits) else ("−" if value < 0 else "+") + shown

    def percent(self, value: float) -> str:
        """``value`` is a share of 1; one decimal below ten per cent."""
        pattern = self.locale.percent_formats[None].pattern
        tenths = pattern.replace("0", "0.0", 1) if pattern.startswith("#,##0") else pattern
        return format_percent(value, tenths if 0 < abs(value) < 0.0995 else pattern, locale=self.locale)

    def money(self, amount: Decimal, currency: str, decimals: bool = False) -> str:
        pattern = self._currency_pattern if decimals else self._currency_pattern.replace(".00", "")
        return format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False)

    def cost(self, estimate: MoneyEstimate) -> str:
        return self.money(estimate.amount, estimate.currency)

    def cost_between(self, estimate: MoneyEstimate) -> str:
        low, high = estimate.low, estimate.high
        if self._currency_pattern.startswith("¤"):
            return f"{self.money(low, estimate.currency)}–{self.number(high)}"
        return f"{self.number(low)}–{self.money(high, estimate.currency)}"

    @property
    def _currency_pattern(self) -> str:
        """The locale's, with a space before the amount, which a currency's three letters need."""
        pattern: str = self.locale.currency_formats["standard"].pattern
        return pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#")

    def rate(self, ratio: Ratio) -> str:
        """The bare value: ``38.2``, or ``31 %`` of a share."""
        if ratio.value is None:
            return self("too_few", n=self.number(ratio.count))
        return self.percent(ratio.value / ratio.per) if ratio.per in PERCENT else self.number(ratio.value, 1)

    def between(self, ratio: Ratio) -> str:
        if ratio.low is None or ratio.high is None:
            return ""
        if ratio.per not in PERCENT:
            return f"{self.number(ratio.low, 1)}–{self.number(ratio.high, 1)}"
        digits = 0 if ratio.low >= 0.0995 * ratio.per else 1
        return f"{self.number(100 * ratio.low / ratio.per, digits)}–{self.percent(ratio.high / ratio.per)}"

    def day(self, day: date, year: bool = False) -> str:
        """``14 Oct``, as the locale writes it."""
        return format_skeleton("yMMMd" if year else "MMMd", day, locale=self.locale)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{self.day(local.date(), True)} {format_time(local.time(), 'short', locale=self.locale)}"

    def month(self, day: date) -> str:
        return format_date(day, "LLLL y", locale=self.locale).capitalize()

    def months(self) -> list[str]:
        """Twelve short names, for the axes of charts."""
        names = get_month_names("abbreviated", "stand-alone", locale=self.locale)
        return [names[n].rstrip(".") for n in range(1, 13)]

    def span(self, since: date, until: date) -> str:
        if is_month(since, until):
            return self.month(since)
        return f"{self.day(since, since.year != until.year)} – {self.day(until, True)}"

    def during(self, since: date, until: date) -> str:
        """``in October 2025``, to be put into a sentence."""
        if not is_month(since, until):
            return self("during.days", since=self.day(since), until=self.day(until, True))
        month = format_date(since, "LLLL", locale=self.locale)
        return self("during.month", month=month, year=since.year)

    def minutes(self, seconds: float) -> str:
        return self("minutes", n=self.number(seconds / 60, 1))

    def unbroken(self, name: str) -> str:
        """A version's name that stays on one line; a hyphen would let it break."""
        return name.replace("-", "-\N{WORD JOINER}")

    def listed(self, names: Iterable[str]) -> str:
        return " · ".join(names)


def is_month(since: date, until: date) -> bool:
    whole = since.day == 1 and until.day == monthrange(until.year, until.month)[1]
    return whole and (since.year, since.month) == (until.year, until.month)
