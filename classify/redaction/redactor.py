"""Takes personal data out of conversations and keeps, in memory, the numbers that linking needs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from classify.redaction import names, rules
from classify.redaction.addresses import end_of_house_number, is_house_number
from classify.redaction.capitals import is_no_name
from classify.redaction.context import names_a_number
from classify.redaction.endings import end_of_identity, end_of_reference
from classify.redaction.people import People
from classify.redaction.recogniser import RECOGNISED, Recogniser
from classify.redaction.spoken import digits_of, likely_language
from classify.redaction.wordlists import common_words, given, is_unknown, ordinary_words, surname
from models.values import Conversation, PiiFind, PiiKind, Redacted, Turn

REDACTION_WEIGHTS = Path(__file__).parent.parent / "weights" / "redaction"

_TOWN = re.compile(r"(?: i|,| på)? (?:\d{3} ?\d\d |\d{4,5} )?[A-ZÅÄÖØÆ][a-zåäöøæé]{2,}(?= *(?:[.,\n?!)]|$))")
_REFERENCES = {*rules.REFERENCE_KINDS, PiiKind.ACCOUNT}
_UNKNOWN = re.compile(r" (?:(?:i|in|på) )?([a-zåäöæø]{4,})(?!\w)")
_WITHIN_ADDRESS = 14  # characters between two parts of one address
_TOKEN = re.compile(r"[^\W_]+")


SURE = 0.6  # probability from which a recognised name counts elsewhere too
SURE_NUMBER = 0.5
SURE_WORD = 0.85  # probability from which an English word that looks ordinary counts as a name


class Redactor:
    """Rules for numbers and contacts, a trained recogniser for names and addresses, merged into typed placeholders."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser

    @classmethod
    def from_folder(cls, folder: Path) -> Redactor:
        """Redactor with the recogniser in a folder, as ``REDACTION_WEIGHTS``. Raises BadInput where it has none."""
        return cls(Recogniser.from_folder(folder))

    def redact(self, conversation: Conversation) -> Redacted:
        """The conversation without personal data: as many turns, each with placeholders in place of what was found."""
        return self.redact_many([conversation])[0]

    def redact_many(self, conversations: Sequence[Conversation]) -> list[Redacted]:
        """Many conversations, in the same order; faster than one by one."""
        recognised = self._recogniser.find([conversation.turns for conversation in conversations])
        return [_redact(*pair) for pair in zip(conversations, recognised, strict=True)]


def _redact(conversation: Conversation, recognised: Sequence[PiiFind]) -> Redacted:
    turns = conversation.turns
    language = conversation.language or likely_language(turn.text for turn in turns)
    known = rules.known_numbers(conversation)
    said = rules.said_numbers(turns, language, known)
    numbers = [find for item in said if (find := item.as_find()) is not None]
    recognised = [completed(find, said) for find in credible(turns, recognised, said, language)]
    finds = merged([*rules.texts(turns, language), *numbers, *recognised], len(turns))
    finds = addresses_joined(merged([whole(turns, find, language) for find in finds], len(turns)))
    finds = [
        without_genitive(turns, find) for find in merged([*finds, *named_again(turns, finds, language)], len(turns))
    ]
    references = dict.fromkeys([*known, *rules.references(said, finds, turns)])
    bare = conversation.model_copy(
        update={"turns": masked(turns, finds), "customer_number": None, "invoice_number": None}
    )
    return Redacted(conversation=bare, finds=tuple(finds), references=tuple(references))


def merged(finds: Iterable[PiiFind], turns: int) -> list[PiiFind]:
    """Finds in order of place, those that overlap made one that covers them, of the kind of the surest."""
    by_turn: list[list[PiiFind]] = [[] for _ in range(turns)]
    for find in finds:
        by_turn[find.turn].append(find)
    result: list[PiiFind] = []
    for of_turn in by_turn:
        joined: list[PiiFind] = []
        for find in sorted(of_turn, key=lambda f: (f.start, -f.end)):
            if joined and find.start < joined[-1].end:
                surest = max(joined[-1], find, key=_sureness)
                joined[-1] = surest.model_copy(update={"start": joined[-1].start, "end": max(joined[-1].end, find.end)})
            else:
                joined.append(find)
        result += joined
    return result


def _sureness(find: PiiFind) -> float:
    """Rules that know more than a number's length outrank the recogniser."""
    return find.score + (find.because != RECOGNISED and find.score >= 0.7)


def credible(
    turns: Sequence[Turn], finds: Iterable[PiiFind], said: Sequence[rules.Said], language: str | None
) -> Iterator[PiiFind]:
    """What the recogniser found, less amounts and the like and less bare digits as names.

    A "number" that holds no digit, written or said, is a name if anything.
    """
    harmless = defaultdict(list)
    for item in said:
        if item.verdict is not None and item.kind is None:
            harmless[item.turn].append(item.number)
    for find in finds:
        text = turns[find.turn].text[find.start : find.end]
        if any(number.start <= find.start and find.end <= number.end for number in harmless[find.turn]):
            continue
        words = _TOKEN.findall(text.lower())
        nobody = all(word in names.NO_NAMES or names_a_number(word) or word.isdecimal() for word in words)
        if find.kind in {PiiKind.PERSON, PiiKind.ADDRESS}:
            doubtful = language == "en" and find.kind is PiiKind.PERSON and find.score < SURE_WORD
            if not nobody and not (doubtful and is_no_name(text, turns[find.turn].text)):
                yield find
        elif any(c.isdigit() for c in text):
            yield find
        elif any(digits_of(word, language) for word in words):
            if find.score >= SURE_NUMBER:
                yield find
        elif find.score >= SURE and not nobody:
            yield find.model_copy(update={"kind": PiiKind.PERSON})


def completed(find: PiiFind, said: Sequence[rules.Said]) -> PiiFind:
    """A recognised number to the ends of the numbers that it is part of."""
    if find.kind in {PiiKind.PERSON, PiiKind.ADDRESS}:
        return find
    parts = [n.number for n in said if n.turn == find.turn and n.number.start < find.end and find.start < n.number.end]
    start = min([find.start, *(number.start for number in parts)])
    return find.model_copy(update={"start": start, "end": max([find.end, *(number.end for number in parts)])})


def whole(turns: Sequence[Turn], find: PiiFind, language: str | None) -> PiiFind:
    """A find to its end: a name with its surnames, a street with number and town, a number with what is said after."""
    text, end = turns[find.turn].text, find.end
    if find.kind in _REFERENCES:
        return find.model_copy(update={"end": end_of_reference(text, end, language)})
    if find.kind is PiiKind.NATIONAL_ID:
        return find.model_copy(update={"end": end_of_identity(text, end)})
    if find.kind not in {PiiKind.PERSON, PiiKind.ADDRESS}:
        return find
    words = text[find.start : end].lower().split()
    street = names.has_street_ending(words[-1]) or (
        find.kind is PiiKind.ADDRESS and any(map(names.has_street_ending, words)) and is_house_number(words[-1], None)
    )
    if find.kind is PiiKind.PERSON and not street:
        return find.model_copy(update={"end": names.end_of_name(text, find.start, end, language)})
    if street:
        end = end_of_house_number(text, end, None)
    if end > find.end:
        end = _end_of_town(text, end, language)
    town = _TOWN.match(text, end)
    return find.model_copy(update={"kind": PiiKind.ADDRESS, "end": town.end() if town is not None else end})


def _end_of_town(text: str, end: int, language: str | None) -> int:
    """Where a town in small letters ends after a house number; a word on no list is one, but for Finnish."""
    word = _UNKNOWN.match(text, end)
    return word.end() if word is not None and language != "fi" and is_unknown(word.group(1), language) else end


def addresses_joined(finds: Sequence[PiiFind]) -> list[PiiFind]:
    """Finds in order of place, with what stands between two parts of one address ("88 tredje til venstre")."""
    joined: list[PiiFind] = []
    for find in finds:
        last = joined[-1] if joined else find
        both = find.kind is last.kind is PiiKind.ADDRESS and find.turn == last.turn
        if both and 0 < find.start - last.end <= _WITHIN_ADDRESS:
            joined[-1] = last.model_copy(update={"end": find.end})
        else:
            joined.append(find)
    return joined


def without_genitive(turns: Sequence[Turn], find: PiiFind) -> PiiFind:
    """A person's name less an English "'s": whose something is stays legible."""
    bare = names.bare(turns[find.turn].text[find.start : find.end])
    return find.model_copy(update={"end": find.start + len(bare)}) if find.kind is PiiKind.PERSON else find


def named_again(turns: Sequence[Turn], finds: Sequence[PiiFind], language: str | None) -> Iterator[PiiFind]:
    """Names of persons found somewhere in the conversation, where they stand elsewhere in it."""
    named = [turns[f.turn].text[f.start : f.end] for f in finds if f.kind is PiiKind.PERSON and f.score >= SURE]
    people = {names.bare(word) for name in named for word in names.NAME_WORD.findall(name) if len(word) >= 3}
    people -= names.NO_NAMES
    for index, turn in enumerate(turns):
        for match in names.NAME_WORD.finditer(turn.text):
            if _same_person(match.group(), people, language):
                yield PiiFind(
                    kind=PiiKind.PERSON,
                    turn=index,
                    start=match.start(),
                    end=match.end(),
                    score=0.7,
                    because="named elsewhere",
                )


def _same_person(word: str, people: set[str], language: str | None) -> bool:
    lower = names.bare(word)
    if lower not in people and lower.removesuffix("s") not in people:
        return False
    if word[0].isupper():
        return lower not in ordinary_words(language) or lower in people
    if given(lower, language) or surname(lower, language):
        return lower not in common_words(language)
    return is_unknown(lower, language)


def masked(turns: Sequence[Turn], finds: Sequence[PiiFind]) -> tuple[Turn, ...]:
    """The turns with a placeholder for each find; persons numbered in order of appearance."""
    people = People()
    for find in finds:
        if find.kind is PiiKind.PERSON:
            people.meet(turns[find.turn].text[find.start : find.end])
    parts: list[list[str]] = [[] for _ in turns]
    positions = [0] * len(turns)
    for find in finds:
        text = turns[find.turn].text
        number = f"_{people.number(text[find.start : find.end])}" if find.kind is PiiKind.PERSON else ""
        parts[find.turn] += [text[positions[find.turn] : find.start], f"[{find.kind.name}{number}]"]
        positions[find.turn] = find.end
    return tuple(
        turn.model_copy(update={"text": "".join([*parts[i], turn.text[positions[i] :]])})
        for i, turn in enumerate(turns)
    )
