"""What rules find in a conversation: contacts, streets, listed names, and numbers in the light of what was asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from classify.redaction import names
from classify.redaction.addresses import said_addresses
from classify.redaction.capitals import names_by_capitals
from classify.redaction.contacts import emails, ibans
from classify.redaction.introductions import introduced, signed_on
from classify.redaction.numbers import Number, numbers
from classify.redaction.verdicts import Verdict, verdict
from models.speech import Speaker
from models.values import Conversation, PiiFind, PiiKind, SaidReference, Turn

REFERENCE_KINDS = {PiiKind.PAYMENT_REFERENCE, PiiKind.INVOICE_NUMBER, PiiKind.CUSTOMER_NUMBER}
_REMEMBERED = 90  # characters of what was said before a turn that may tell what its first number is
_BEFORE, _AFTER = 90, 30  # characters around a number that are looked at
_SHORT = 40  # characters of a turn that only listens ("mm, yes, go on")
_LONGEST_REFERENCE = 100
_OPENING = 45  # a number that begins later in its turn answers no question
_LETTERS = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Said:
    """A number in its turn, and what it is (``None``: not known). ``alone``: the turn holds hardly anything else."""

    turn: int
    number: Number
    verdict: Verdict | None
    alone: bool

    @property
    def kind(self) -> PiiKind | None:
        return self.verdict.kind if self.verdict is not None else None

    def as_find(self) -> PiiFind | None:
        """The number as a find; ``None`` where it is not known to be personal."""
        if self.verdict is None or self.verdict.kind is None:
            return None
        because, score = self.verdict.because, self.verdict.score
        return PiiFind(
            kind=self.verdict.kind,
            turn=self.turn,
            start=self.number.start,
            end=self.number.end,
            score=score,
            because=because,
        )


def known_numbers(conversation: Conversation) -> list[SaidReference]:
    """The numbers that the file itself gives for the conversation, as references of turn 0."""
    given = (
        (PiiKind.CUSTOMER_NUMBER, conversation.customer_number),
        (PiiKind.INVOICE_NUMBER, conversation.invoice_number),
    )
    bare = [(kind, re.sub(r"[\W_]", "", value or "").upper()) for kind, value in given]
    return [SaidReference(kind=kind, value=value, turn=0) for kind, value in bare if value]


def texts(turns: Sequence[Turn], language: str | None) -> Iterator[PiiFind]:
    """Contacts, streets and names in all turns."""
    agents_first = next((i for i, turn in enumerate(turns[:2]) if turn.speaker is Speaker.AGENT), None)
    for index, turn in enumerate(turns):
        for kind, spans, score, because in (
            (PiiKind.EMAIL, emails(turn.text), 0.99, "e-mail address"),
            (PiiKind.ACCOUNT, ibans(turn.text), 0.95, "shape of an IBAN"),
            (PiiKind.ADDRESS, names.streets(turn.text), 0.9, "street name and number"),
            (PiiKind.ADDRESS, said_addresses(turn.text, language), 0.85, "street or place and a number"),
            (PiiKind.PERSON, names.listed_names(turn.text, language), 0.9, "listed name"),
            (PiiKind.PERSON, list(introduced(turn.text, language)), 0.8, "after a greeting or a presentation"),
            (PiiKind.PERSON, signed_on(turn.text, language) if index == agents_first else [], 0.8, "an opening's end"),
            (PiiKind.PERSON, names_by_capitals(turn.text, language), 0.5, "an unknown word with a capital"),
            (PiiKind.PERSON, names.titled(turn.text), 0.9, "after a title or closing a letter"),
        ):
            for start, end in spans:
                yield PiiFind(kind=kind, turn=index, start=start, end=end, score=score, because=because)


def said_numbers(turns: Sequence[Turn], language: str | None, known: Sequence[SaidReference]) -> list[Said]:
    """All numbers in order. One read out over several turns keeps the kind of its beginning."""
    kinds: dict[str, PiiKind] = {reference.value: reference.kind for reference in known}
    said = list(_judged(turns, language, kinds))
    for item in said:
        if item.kind is not None and len(item.number.digits) >= 4:
            kinds.setdefault(item.number.value, item.kind)
    return [_as_elsewhere(item, kinds) for item in said]


def _judged(turns: Sequence[Turn], language: str | None, known: dict[str, PiiKind]) -> Iterator[Said]:
    asked, reading = "", None
    for index, turn in enumerate(turns):
        found = numbers(turn.text, language)
        alone = _alone(turn.text, found)
        kept = None
        for number in found:
            before, after = (
                turn.text[max(0, number.start - _BEFORE) : number.start],
                turn.text[number.end : number.end + _AFTER],
            )
            decided = verdict(number, before, after, asked if number.start < _OPENING else "")
            if number.value in known:
                decided = Verdict(known[number.value], 0.99, "the number that the file gives")
            elif reading is not None and alone and number.spoken and len(number.value) >= 2 and _unsure(decided):
                decided = Verdict(reading, 0.75, "goes on with a number being read out")
            kept = decided.kind if decided is not None else kept
            yield Said(index, number, decided, alone)
        if found and alone:
            reading = kept
        elif len(turn.text) > _SHORT:
            reading = None
        asked = f"{asked} {turn.text}"[-_REMEMBERED:]


def _as_elsewhere(item: Said, kinds: dict[str, PiiKind]) -> Said:
    kind = kinds.get(item.number.value)
    if kind is None or item.kind is not None or len(item.number.digits) < 4:
        return item
    return replace(item, verdict=Verdict(kind, 0.7, "found elsewhere in the conversation"))


def _unsure(decided: Verdict | None) -> bool:
    return decided is None or decided.score <= 0.7


def _alone(text: str, found: Sequence[Number]) -> bool:
    letters = len(_LETTERS.findall(text))
    return bool(found) and sum(len(_LETTERS.findall(number.text)) for number in found) >= 0.6 * letters


def references(said: Sequence[Said], finds: Sequence[PiiFind], turns: Sequence[Turn]) -> Iterator[SaidReference]:
    """References among the numbers taken out; what one speaker reads out over several turns is put together."""
    last: Said | None = None
    value = ""
    kind: PiiKind | None = None
    for item in said:
        found = _kind_taken_out(item, finds)
        if found not in REFERENCE_KINDS:
            continue
        if last is not None and _continues(last, item, turns):
            value += item.number.value
        else:
            yield from _reference(kind, value, last)
            value, kind = item.number.value, found
        last = item
    yield from _reference(kind, value, last)


def _kind_taken_out(item: Said, finds: Sequence[PiiFind]) -> PiiKind | None:
    """Kind of the find that covers a number; ``finds`` are in order of place."""
    first = bisect_right(finds, (item.turn, item.number.start), key=lambda find: (find.turn, find.start)) - 1
    covers = first >= 0 and finds[first].turn == item.turn and item.number.end <= finds[first].end
    return finds[first].kind if covers else None


def _continues(last: Said, item: Said, turns: Sequence[Turn]) -> bool:
    """Both turns hold only digits, by one speaker, with one short turn of somebody else between them."""
    if not (last.alone and item.alone and item.turn == last.turn + 2):
        return False
    same_speaker = turns[item.turn].speaker == turns[last.turn].speaker != turns[item.turn - 1].speaker
    return same_speaker and len(turns[item.turn - 1].text) <= _SHORT and item.number.value != last.number.value


def _reference(kind: PiiKind | None, value: str, last: Said | None) -> Iterator[SaidReference]:
    if last is not None:
        yield SaidReference(kind=kind, value=value[:_LONGEST_REFERENCE], turn=last.turn)
