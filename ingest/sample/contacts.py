"""Who gets in touch about which letter, when and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from ingest.sample.company import FIRST_DAY, LAST_DAY
from ingest.sample.customers import Customer
from ingest.sample.rates import NOT_BILLING_SHARE, RATES, has_wrong_tariff, rate
from ingest.sample.register import Letter
from ingest.sample.texts import Stock, Text
from models.speech import Channel
from models.taxonomy import GROUP_OF_REASON, Reason, ReasonGroup
from models.values import InvoiceEventKind

HERE = ZoneInfo("Europe/Stockholm")
LONGEST_DELAY = 20
WEEKDAYS = {  # Monday to Sunday
    Channel.PHONE: (1.35, 1.1, 1.0, 0.95, 0.85, 0.0, 0.0),
    Channel.CHAT: (1.25, 1.1, 1.0, 1.0, 0.9, 0.35, 0.0),
    Channel.EMAIL: (1.2, 1.1, 1.0, 1.0, 0.8, 0.4, 0.5),
}
HOURS = {  # the first hour, and how busy each from there on is
    Channel.PHONE: (8, (6, 10, 11, 9, 5, 8, 9, 8, 5)),
    Channel.CHAT: (8, (4, 7, 9, 9, 7, 8, 8, 8, 7, 6, 4)),
    Channel.EMAIL: (6, (2, 4, 6, 8, 8, 7, 6, 6, 6, 6, 5, 4, 4, 5, 6, 6, 4)),
}
HANDLING = {Channel.PHONE: (400.0, 0.50), Channel.CHAT: (620.0, 0.45), Channel.EMAIL: (300.0, 0.55)}
"""Median seconds and spread (sigma of the logarithm) of handling a contact."""

LATER_TROUBLE = {
    InvoiceEventKind.SENT: frozenset({Reason.REMINDER_RECEIVED, Reason.DEBT_COLLECTION, Reason.SERVICE_SUSPENDED}),
    InvoiceEventKind.REMINDED: frozenset({Reason.REMINDER_RECEIVED, Reason.DEBT_COLLECTION}),
    InvoiceEventKind.COLLECTED: frozenset({Reason.REMINDER_RECEIVED}),
}
"""What a text must not also raise: it would tell of a letter that the customer has not got, or blur an effect.

Of the wrong tariff, customers say nothing else at all.
"""


@dataclass(frozen=True)
class Contact:
    """``letter`` is ``None`` where the contact is about no invoice."""

    customer: Customer
    letter: Letter | None
    text: Text
    started_at: datetime
    handling_seconds: int
    queue: str


def make_contacts(letters: Sequence[Letter], customers: Sequence[Customer], stock: Stock) -> list[Contact]:
    """All contacts in the order in which they begin."""
    random = Random("contacts")
    contacts = list(_about_letters(random, letters, stock))
    others = round(len(contacts) * NOT_BILLING_SHARE / (1 - NOT_BILLING_SHARE))
    contacts += [_about_nothing(random, random.choice(customers), stock) for _ in range(others)]
    return sorted(contacts, key=lambda contact: (contact.started_at, contact.customer.number))


def _about_letters(random: Random, letters: Sequence[Letter], stock: Stock) -> Iterator[Contact]:
    following = _following(letters)
    for letter, reason in _occasions(random, letters):
        apart = frozenset(Reason) if has_wrong_tariff(letter) else LATER_TROUBLE[letter.kind]
        text = stock.deal(reason, letter.bill.customer.language, apart)
        days = [letter.on + timedelta(days=n) for n in range(1, LONGEST_DELAY)]
        yield _contact(random, letter.bill.customer, letter, text, [day for day in days if day < following[letter]])


def _occasions(random: Random, letters: Sequence[Letter]) -> Iterator[tuple[Letter, Reason]]:
    """Chance says whom a reason befalls; how many of like letters it befalls is the planted rate, within one."""
    alike: dict[tuple[str, str, bool], list[Letter]] = defaultdict(list)
    for letter in letters:
        alike[letter.version, letter.bill.customer.segment, has_wrong_tariff(letter)].append(letter)
    for group in alike.values():
        owed = 0.5
        for reason in RATES[group[0].kind]:
            owed += len(group) * rate(group[0], reason) / 1000
            count = int(owed)
            owed -= count
            yield from ((letter, reason) for letter in random.sample(group, count))


def _following(letters: Sequence[Letter]) -> dict[Letter, date]:
    """When the same customer's next letter comes: a contact about a letter is had before that."""
    by_customer: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        by_customer[letter.bill.customer.number].append(letter)
    end = LAST_DAY + timedelta(days=1)
    following: dict[Letter, date] = {}
    for own in by_customer.values():
        own.sort(key=lambda letter: letter.on)
        following.update(zip(own, [*(letter.on for letter in own[1:]), end], strict=True))
    return following


def _about_nothing(random: Random, customer: Customer, stock: Stock) -> Contact:
    text = stock.deal(Reason.NOT_BILLING, customer.language)
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days)]
    return _contact(random, customer, None, text, days)


def _contact(random: Random, customer: Customer, letter: Letter | None, text: Text, days: list[date]) -> Contact:
    busy = WEEKDAYS[text.channel]
    weights = [busy[day.weekday()] * (_eagerness((day - letter.on).days) if letter else 1) for day in days]
    day = random.choices(days, weights)[0]
    first, hours = HOURS[text.channel]
    hour = first + random.choices(range(len(hours)), hours)[0]
    began = datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), HERE)
    median, spread = HANDLING[text.channel]
    return Contact(
        customer=customer,
        letter=letter,
        text=text,
        started_at=began.astimezone(UTC),
        handling_seconds=max(45, round(median * random.lognormvariate(0, spread))),
        queue=_queue(random, customer, text),
    )


def _eagerness(delay: int) -> float:
    """Most get in touch two to five days after a letter."""
    return delay * exp(-delay / 2.5)


def _queue(random: Random, customer: Customer, text: Text) -> str:
    if customer.segment == "business" and random.random() < 0.8:
        return "Företag"
    if text.primary is Reason.NOT_BILLING:
        return "Fiber och mobil" if customer.yearly_kwh == 0 or random.random() < 0.4 else "El och elnät"
    late = GROUP_OF_REASON[text.primary] is ReasonGroup.LATE
    return "Krav och betalning" if late or random.random() < 0.06 else "Faktura"
