"""The labelled training conversations as a stock of texts that suit an energy and broadband firm."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from models.speech import Channel
from models.taxonomy import Reason

OWN_SECTORS = re.compile(
    r"electric|elhandel|elnät|elbil|strøm|^el |grid|nettleie|nettselskap|heat|värme|varme|broadband|bredband|fiber"
    r"|mobil|telecom|telekom|nett og mobil",
    re.IGNORECASE,
)
OTHER_TRADES = re.compile(
    r"gym|träning|trening|kuntosal|hyr[ae]|hyres|husleie|husleje|vuokra|\brent|tenant|lejer|parker|pysäköi|tandl|tann|dentist"
    r"|hamma|försäkr|forsikr|insur|vakuut|tidning|\bavis|lehti|lehde|newspaper|magazin|bibliotek|library|kirjasto|barnehage"
    r"|förskol|børneha|päiväko|childcare|nursery|daycare|fackf|a-kassa|fagfor|\bunion|liito|liitto|larm|alarm|hälyt|\btoll"
    r"|bompen|vägtull|strea|serie|sophämt|avfall|renovasjon|waste|jäte|vatten|\bvann|\bvand|\bvesi|veden|water|paket|parcel"
    r"|pakke|klubb|\bclub|seura|idrætts|idretts|kurs|vård|läkar|lege|doctor|clinic|klinik|båt|boat|bil(?:en|ver|uth)"
    r"|kläder|sko[re]?n?\b|shoes|beställ|order|bestill|tilaus|hotel|museum|skole|skola|school|koulu|sfo\b|borettslag|treasurer",
    re.IGNORECASE,
)
FEWEST = 3
"""A reason and language with fewer fitting texts than this takes in all its others."""


@dataclass(frozen=True)
class Text:
    """A labelled conversation; ``pii`` are (words, kind) in the order in which they were labelled."""

    id: str
    language: str
    channel: Channel
    turns: tuple[tuple[str, str], ...]
    primary: Reason
    reasons: tuple[Reason, ...]
    pii: tuple[tuple[str, str], ...]
    own_trade: bool
    other_trade: bool


def read_texts(folder: Path) -> list[Text]:
    """Every line of ``folder``'s first JSONL files; later ones leave the sample as it is. The folder's name must say
    that they are for training."""
    if folder.name != "train":
        raise ValueError(f"{folder}: the sample is made of training texts alone")
    paths = sorted(folder.glob("*-[abc].jsonl"))
    return [_text(json.loads(line)) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _text(row: dict[str, object]) -> Text:
    gold = row["gold"]
    turns = row["turns"]
    assert isinstance(gold, dict) and isinstance(turns, list)  # noqa: S101 (narrows the type of a file of our own)
    words = " ".join(turn["text"] for turn in turns)
    return Text(
        id=str(row["id"]),
        language=str(row["language"]),
        channel=Channel(str(row["channel"])),
        turns=tuple((turn["speaker"], turn["text"]) for turn in turns),
        primary=Reason(gold["primary"]),
        reasons=tuple(Reason(reason) for reason in gold["reasons"]),
        pii=tuple((find["text"], find["type"]) for find in gold["pii"]),
        own_trade=bool(OWN_SECTORS.search(str(row["sector"]))),
        other_trade=bool(OTHER_TRADES.search(f"{row['sector']} {words}")),
    )


class Stock:
    """Deals texts like cards, so that each is used about equally often, those of the own trade twice."""

    def __init__(self, texts: list[Text], random: Random) -> None:
        self._random = random
        self._texts: dict[tuple[Reason, str], list[Text]] = defaultdict(list)
        for text in texts:
            self._texts[text.primary, text.language].append(text)
        self._decks: dict[tuple[Reason, str, frozenset[Reason]], list[Text]] = defaultdict(list)

    def deal(self, primary: Reason, language: str, without: frozenset[Reason] = frozenset()) -> Text:
        """A text of this primary reason; one that raises none of ``without`` beside it, where there are such."""
        deck = self._decks[primary, language, without]
        if not deck:
            deck += self._shuffled(primary, language, without)
        return deck.pop()

    def _shuffled(self, primary: Reason, language: str, without: frozenset[Reason]) -> list[Text]:
        every = self._texts[primary, language]
        apt = [text for text in every if not (set(text.reasons) - {primary}) & without] or every
        fitting = [text for text in apt if text.own_trade or not text.other_trade]
        chosen = fitting if len(fitting) >= FEWEST else apt
        cards = chosen + [text for text in chosen if text.own_trade]
        self._random.shuffle(cards)
        return cards
