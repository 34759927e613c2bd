"""Training of the recogniser behind redaction, on labelled conversations and on altered copies of them.

The copies teach what the labelled ones are too few for: other names (listed ones and made-up ones, so that the words
around a name count), text as recognisers write it (lower case, no punctuation), unknown speakers, other numbers.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classify.redaction.names import has_street_ending
from classify.redaction.recogniser import NOTHING, TOKEN, as_doc, blocks, new_pipeline
from classify.redaction.wordlists import common_words, given_names, names_from_near, ordinary_words, surnames
from models.errors import BadInput
from models.speech import Speaker
from models.values import PiiKind, Turn

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

EPOCHS = 6
_SAMPLES_A_MADE_UP_ONE = 3
SEED = 7
_PHRASES = Path(__file__).parent / "redaction_phrases.txt"
_LISTS = Path(__file__).parent / "redaction_words.txt"
_ORDINARY_KEPT = 8  # of the listed names that are ordinary words too, one in so many is used
_NEAR = 0.7  # share of names from the Nordic countries and the British Isles
_Slot = Callable[[random.Random], tuple[str, str]]


def _pool(names: frozenset[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Names from near and from far, of both those that are ordinary words thinned out."""
    kept = sorted(names - ordinary_words()) + sorted(names & ordinary_words())[::_ORDINARY_KEPT]
    near = names_from_near()
    return [name for name in kept if name in near], [name for name in kept if name not in near]


_GIVEN, _SURNAMES = _pool(given_names()), _pool(surnames())
_ORDINARY_GIVEN = sorted(given_names() & ordinary_words() - common_words())
_ORDINARY_SURNAMES = sorted(surnames() & ordinary_words() - common_words())


@dataclass(frozen=True)
class Word:
    """One token and the kind of personal data it belongs to ("" for none); ``first`` where a new span begins."""

    text: str
    kind: str
    first: bool


def train_names(data: Path, weights: Path, on_progress: Callable[[str, float], None]) -> None:
    """Train on ``data/*.jsonl`` and write the recogniser to ``weights``. Seeded: same data, same weights.

    Raises BadInput where the folder holds no labelled conversation. ``on_progress`` gets a step and the share done.
    """
    samples = list(read_samples(data))
    if not samples:
        raise BadInput(str(data), "holds no labelled conversation", "Give a folder of .jsonl files with gold labels.")
    pipeline = train(samples, EPOCHS, on_progress)
    shutil.rmtree(weights / "tagger", ignore_errors=True)
    weights.mkdir(parents=True, exist_ok=True)
    pipeline.get_pipe("tagger").to_disk(weights / "tagger", exclude=["vocab"])  # type: ignore[attr-defined]  # a bare callable to spaCy


def read_samples(data: Path) -> Iterator[list[Word]]:
    """Labelled conversations as blocks of words."""
    for path in sorted(data.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from labelled_blocks(row)


def labelled_blocks(row: dict[str, Any]) -> Iterator[list[Word]]:
    """One labelled conversation (as in the ``.jsonl`` files) as blocks of words."""
    turns = [Turn.model_validate(turn) for turn in row["turns"]]
    gold = row["gold"]["pii"]
    spans = [_spans(turn.text, gold) for turn in turns]
    for block in blocks(turns):
        words = []
        for token in block:
            inside = [] if token.turn < 0 else [s for s in spans[token.turn] if s[0] < token.end and token.start < s[1]]
            kind = inside[0][2] if inside else ""
            words.append(Word(token.word, kind, bool(inside) and token.start <= inside[0][0]))
        yield words


def _spans(text: str, gold: Sequence[dict[str, str]]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for item in sorted(gold, key=lambda i: -len(i["text"])):
        for match in re.finditer(rf"(?<!\w){re.escape(item['text'])}(?!\w)", text):
            if all(match.end() <= s or e <= match.start() for s, e, _ in found):
                found.append((*match.span(), item["type"]))
    return found


def train(samples: Sequence[list[Word]], epochs: int, on_progress: Callable[[str, float], None]) -> Language:
    """A trained recogniser."""
    from spacy.training.batchers import minibatch_by_words
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(SEED)
    dice = random.Random(SEED)
    phrases = read_phrases()
    pipeline = new_pipeline()
    for label in (NOTHING, *PiiKind):
        pipeline.get_pipe("tagger").add_label(str(label))  # type: ignore[attr-defined]  # a bare callable to spaCy
    pipeline.initialize(lambda: [_example(pipeline, words) for words in samples[:200]])
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, use_averages=True)
    for epoch in range(epochs):
        optimizer.learn_rate = 0.001 if epoch < epochs * 0.6 else 0.0003
        altered = [alter(words, dice) for words in samples] + [
            invented(phrases, dice) for _ in range(len(samples) // _SAMPLES_A_MADE_UP_ONE)
        ]
        dice.shuffle(altered)
        for batch in minibatch_by_words([_example(pipeline, words) for words in altered], size=1500):
            pipeline.update(batch, sgd=optimizer, drop=0.2)
        on_progress("names and addresses", (epoch + 1) / epochs)
    with pipeline.use_params(optimizer.averages):
        averaged = pipeline.get_pipe("tagger").to_bytes()  # type: ignore[attr-defined]  # a bare callable to spaCy
    pipeline.get_pipe("tagger").from_bytes(averaged)  # type: ignore[attr-defined]  # a bare callable to spaCy
    return pipeline


def _example(pipeline: Language, words: Sequence[Word]) -> Example:
    from spacy.training import Example

    texts = [word.text for word in words]
    gold = as_doc(pipeline.vocab, texts, [word.kind or NOTHING for word in words])
    return Example(as_doc(pipeline.vocab, texts), gold)


def read_phrases() -> list[tuple[str, str]]:
    """Speaker and phrase, with places for names and streets."""
    lines = _PHRASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines if line and not line.startswith("#")]
    return [(speaker, phrase.replace("\\n", "\n")) for speaker, phrase in pairs]


@cache
def _words(kind: str) -> tuple[str, ...]:
    lines = _LISTS.read_text(encoding="utf-8").splitlines()
    listed = dict(line.split(": ", 1) for line in lines if not line.startswith("#"))
    return tuple(listed[kind].split("|"))


def invented(phrases: Sequence[tuple[str, str]], dice: random.Random) -> list[Word]:
    """A few phrases in a row with names and streets filled in, as a conversation would have them."""
    words: list[Word] = []
    for speaker, phrase in dice.choices(phrases, k=4):
        words.append(Word(f"<{speaker}>", "", False))
        for part in re.split(r"(\{[^}]+\})", phrase):
            words += _filled(part, dice)
    return _in_some_style(words, dice)


def _filled(part: str, dice: random.Random) -> list[Word]:
    if not part.startswith("{"):
        return [Word(m.group(), "", False) for m in TOKEN.finditer(part)]
    if part.startswith("{="):
        return [Word(part[2:-1], PiiKind.ADDRESS.value, False)]
    text, kind = _SLOTS[part](dice)
    cased = text.title() if kind else text
    return [Word(m.group(), kind, False) for m in TOKEN.finditer(cased)]


def _house_number(dice: random.Random) -> str:
    if dice.random() < 0.4:
        return dice.choice(_words("said_numbers")) + dice.choice(["", "", "", " a", " b", " c"])
    return f"{dice.randint(1, 120)}{dice.choice(['', '', '', ' B', 'c', ' A 4', ', 2. tv'])}"


def _invented_name(given: bool, dice: random.Random) -> str:
    near, far = _GIVEN if given else _SURNAMES
    names = near if dice.random() < _NEAR else far
    if dice.random() < 0.4:
        return _spliced(names, dice)
    return dice.choice(names)


def _inflected(name: str, case: str) -> str:
    """A name in a case of Finnish, as the commonest kinds of names form it."""
    if name.endswith("nen"):
        return f"{name[:-3]}se{case}"
    if name[-1] in "aeiouyåäö":
        return name + case
    return f"{name[:-1]}kse{case}" if name[-1] == "s" else f"{name}i{case}"


def _spliced(names: Sequence[str], dice: random.Random) -> str:
    """A name on no list: the beginning of one and the end of another."""
    first, second = dice.choice(names), dice.choice(names)
    return first[: max(2, len(first) // 2)] + second[-max(dice.choice((1, 2)), len(second) // 2) :]


def _slot(kind: str, *makers: Callable[[random.Random], str], between: str = "") -> _Slot:
    return lambda dice: (between.join(make(dice) for make in makers), kind)


def _of(words: str) -> Callable[[random.Random], str]:
    return lambda dice: dice.choice(_words(words))


_SLOTS: dict[str, _Slot] = {
    "{g}": _slot(PiiKind.PERSON.value, lambda dice: _invented_name(True, dice)),
    "{s}": _slot(PiiKind.PERSON.value, lambda dice: _invented_name(False, dice)),
    "{og}": _slot(PiiKind.PERSON.value, lambda dice: dice.choice(_ORDINARY_GIVEN)),
    "{os}": _slot(PiiKind.PERSON.value, lambda dice: dice.choice(_ORDINARY_SURNAMES)),
    "{g:n}": _slot(PiiKind.PERSON.value, lambda dice: _inflected(_invented_name(True, dice), "n")),
    "{g:lle}": _slot(PiiKind.PERSON.value, lambda dice: _inflected(_invented_name(True, dice), "lle")),
    "{s:n}": _slot(PiiKind.PERSON.value, lambda dice: _inflected(_invented_name(False, dice), "n")),
    "{s:lle}": _slot(PiiKind.PERSON.value, lambda dice: _inflected(_invented_name(False, dice), "lle")),
    "{p}": _slot(PiiKind.ADDRESS.value, _of("places")),
    "{st:lle}": _slot(PiiKind.ADDRESS.value, _of("stems"), _of("finnish_streets"), lambda _: "lle"),
    "{st:lla}": _slot(PiiKind.ADDRESS.value, _of("stems"), _of("finnish_streets"), lambda _: "lla"),
    "{st}": _slot(PiiKind.ADDRESS.value, _of("stems"), _of("streets")),
    "{es}": _slot(PiiKind.ADDRESS.value, _of("stems"), _of("english_streets"), between=" "),
    "{n}": _slot(PiiKind.ADDRESS.value, _house_number),
    "{t}": _slot(PiiKind.ADDRESS.value, _of("towns")),
    "{f}": _slot("", _of("firms")),
    "{co}": _slot(
        "",
        lambda dice: _invented_name(False, dice).title(),
        lambda dice: dice.choice(_words("trades")).title(),
        between=" ",
    ),
}


def alter(words: Sequence[Word], dice: random.Random) -> list[Word]:
    """A copy with other names, streets and numbers, sometimes as a speech recogniser would write it."""
    renamed: dict[str, str] = {}
    swap = dice.random() < 0.75
    altered = [_alter_word(word, renamed, dice) if swap else word for word in words]
    return _in_some_style(altered, dice)


def _in_some_style(altered: list[Word], dice: random.Random) -> list[Word]:
    style = dice.random()
    if style < 0.35:
        altered = [
            replace(w, text=w.text.lower()) for w in altered if w.text[0].isalnum() or w.text[0] == "<" or w.kind
        ]
    elif style < 0.42:
        altered = [replace(w, text=w.text.title()) if w.kind in {"person", "address"} else w for w in altered]
    if dice.random() < 0.15:
        altered = [replace(w, text=f"<{Speaker.UNKNOWN.value}>") if w.text.startswith("<") else w for w in altered]
    return altered


def _alter_word(word: Word, renamed: dict[str, str], dice: random.Random) -> Word:
    key = word.text.lower()
    if word.kind == PiiKind.PERSON and len(key) > 1 and key[0].isalpha():
        if key not in renamed:
            renamed[key] = _other_name(key, word.first, dice)
        return replace(word, text=_cased_like(word.text, renamed[key]))
    if word.kind == PiiKind.ADDRESS and has_street_ending(key) and dice.random() < 0.5:
        ending = re.sub(
            r"^.*?((?:väg|gat|gränd|stig|back|vej|gad|vei|veg|gate|tie|katu|kuj|polku|rait|väyl|kaar)\w*)$", r"\1", key
        )
        return (
            replace(word, text=_cased_like(word.text, dice.choice(_words("stems")) + ending)) if ending != key else word
        )
    return word


def _other_name(name: str, first: bool, dice: random.Random) -> str:
    if dice.random() < 0.3:
        return name
    given = name in given_names() if name in given_names() or name in surnames() else first
    return _invented_name(given, dice)


def _cased_like(model: str, name: str) -> str:
    if model.isupper() and len(model) > 1:
        return name.upper()
    return "-".join(part.capitalize() for part in name.split("-")) if model[0].isupper() else name
