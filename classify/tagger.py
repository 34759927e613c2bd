"""Conversations in, tags out, one reading each: three taggers of one shape, chosen by name.

``fast`` reads words, ``full`` reads with the encoder as well, ``cascade`` lets the full one read only where the fast
one is unsure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from classify.conversations import customer_turns, sigmoid, softmax
from classify.judging import Judged
from classify.language import UNDETERMINED, LanguageModel
from classify.turns import FEATURES, FIRST_FEATURE, REASONS
from classify.words import Floats
from models.errors import BadSetting
from models.speech import Contact
from models.tags import Evidence, FeatureTag, ReasonTag, TaggerName, Tagging
from models.taxonomy import LANGUAGES, STEP_OF_REASON, Reason

WEIGHTS = Path(__file__).parent / "weights" / "tagger"
TURNS_AT_ONCE = 2000
UNCERTAIN_BELOW = 0.6  # of the tags that are less sure about half are wrong
NOT_BILLING = REASONS.index(Reason.NOT_BILLING)


class Tagger(Protocol):
    """Reads each conversation by itself, so that the same words get the same tags whatever stands beside them."""

    version: str

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        """Tag each conversation; one for one, in the same order. The cost grows with the number of words."""


class Model(Protocol):
    def judge(self, conversations: Sequence[Contact]) -> Judged: ...


class ModelTagger:
    """A model with thresholds and temperatures. ``at_once``: how many batches it tags side by side."""

    def __init__(
        self, model: Model, languages: LanguageModel, settings: Mapping[str, Any], *, at_once: int = 1
    ) -> None:
        """``settings``: version, temperature by language, reasons_from, features_from."""
        self.model, self.languages, self.at_once = model, languages, at_once
        self.version = str(settings["version"])
        self.temperature: dict[str, float] = settings["temperature"]
        self.reasons_from = float(settings["reasons_from"])
        self.features_from = float(settings["features_from"])

    def tag(self, conversations: Sequence[Contact]) -> list[Tagging]:
        several = list(batches(conversations))
        if len(several) < 2:
            return [tagging for batch in several for tagging in self._tag_batch(batch)]
        from concurrent.futures import ThreadPoolExecutor  # not for one message from a cold start

        with ThreadPoolExecutor(self.at_once) as pool:
            return list(chain.from_iterable(pool.map(self._tag_batch, several)))

    def _tag_batch(self, batch: Sequence[Contact]) -> list[Tagging]:
        judged = self.model.judge(batch)
        languages = [self._language(conversation) for conversation in batch]
        usual = self.temperature["all"]
        temperature = np.array([self.temperature.get(language, usual) for language in languages], dtype=np.float32)
        shares = softmax(judged.primary / temperature[:, None])
        # Who said nothing that can be read may want anything; that it is about no bill is the usual case.
        shares[judged.silent] = 1 / shares.shape[1]
        order = np.argsort(-shares, axis=1, kind="stable")
        order[judged.silent] = np.roll(np.arange(len(REASONS)), -NOT_BILLING)
        first, second = order[:, 0].tolist(), order[:, 1].tolist()
        sure, likely, meant = map(rounded, (shares, sigmoid(judged.reasons), sigmoid(judged.features)))
        found = [self._found(*each) for each in zip(first, sure, likely, meant, strict=True)]
        shown = iter(judged.evidence([(index, column) for index, tags in enumerate(found) for column, _ in tags]))
        tagged = []
        for index, language in enumerate(languages):
            primary, confidence = found[index][0]
            tags = [tag(column, share, next(shown)) for column, share in found[index]]
            uncertain = confidence < UNCERTAIN_BELOW or language == UNDETERMINED
            tagged.append(
                Tagging(
                    primary=REASONS[primary],
                    confidence=confidence,
                    reasons=tuple(one for one in tags if isinstance(one, ReasonTag)),
                    features=tuple(one for one in tags if isinstance(one, FeatureTag)),
                    step=STEP_OF_REASON.get(REASONS[primary]),
                    language=language,
                    uncertain=uncertain,
                    runner_up=REASONS[second[index]] if uncertain else None,
                    probabilities=dict(zip(REASONS, likely[index], strict=True)),
                    model_version=self.version,
                )
            )
        return tagged

    def _language(self, conversation: Contact) -> str:
        if conversation.language in LANGUAGES:
            return conversation.language
        own = customer_turns(conversation.turns)
        said = " ".join(turn.text for turn, mine in zip(conversation.turns, own, strict=True) if mine)
        return self.languages.detect(said)[0]

    def _found(
        self, primary: int, sure: list[float], likely: list[float], meant: list[float]
    ) -> list[tuple[int, float]]:
        """Columns of ``COLUMN_NAMES`` with their probabilities: the primary reason, the others raised and the features
        meant, each likeliest first; ``not_billing`` stands alone."""
        first = (primary, sure[primary])
        if primary == NOT_BILLING:
            return [first]
        others = [reason for reason in likeliest(likely, self.reasons_from) if reason not in (primary, NOT_BILLING)]
        features = likeliest(meant, self.features_from)
        return [first, *((r, likely[r]) for r in others), *((FIRST_FEATURE + f, meant[f]) for f in features)]


def tag(column: int, confidence: float, evidence: tuple[Evidence, ...]) -> ReasonTag | FeatureTag:
    if column < FIRST_FEATURE:
        return ReasonTag(id=REASONS[column], confidence=confidence, evidence=evidence)
    return FeatureTag(id=FEATURES[column - FIRST_FEATURE], confidence=confidence, evidence=evidence)


def likeliest(likely: list[float], threshold: float) -> list[int]:
    """Places of all that reach the threshold, likeliest first."""
    enough = [place for place, probability in enumerate(likely) if probability >= threshold]
    return sorted(enough, key=likely.__getitem__, reverse=True)


def rounded(probabilities: Floats) -> list[list[float]]:
    """To four decimals: beyond them the last bits of float32 would show."""
    rows: list[list[float]] = np.round(probabilities.astype(np.float64), 4).tolist()
    return rows


def batches(conversations: Sequence[Contact]) -> Iterator[Sequence[Contact]]:
    """Neighbouring conversations, about ``TURNS_AT_ONCE`` turns together, so that memory stays flat."""
    begin = turns = 0
    for index, conversation in enumerate(conversations):
        turns += len(conversation.turns)
        if turns >= TURNS_AT_ONCE:
            yield conversations[begin : index + 1]
            begin, turns = index + 1, 0
    if begin < len(conversations):
        yield conversations[begin:]


def read_settings(folder: Path, name: str = "tagger.json") -> dict[str, Any]:
    """Raises :class:`BadSetting` if the folder is no tagger's."""
    try:
        settings: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetting(
            "weights", f"{folder} is no stored tagger", "Name a folder that `tydlig train` wrote."
        ) from error
    return settings


def load_tagger(name: TaggerName = "cascade", folder: Path = WEIGHTS) -> Tagger:
    """The tagger of that name out of ``folder``; raises :class:`BadSetting` if the folder holds none.

    What the name does not need is not loaded: the fast tagger needs no torch.
    """
    from classify.fast import load_fast

    fast = load_fast(folder / "fast")
    if name == "fast":
        return fast

    def make_full() -> Tagger:
        from classify.full import load_full

        return load_full(folder / "full", fast)

    if name == "full":
        return make_full()
    from classify.cascade import Cascade

    settings = read_settings(folder, "cascade.json")
    return Cascade(**settings, fast=fast, make_full=make_full)
