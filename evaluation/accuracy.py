"""How right the taggers are: on conversations kept from training, and by cross-validation over the others.

usage: python -m evaluation.accuracy [--fast]

Prints the tables and stores them as evaluation/results/accuracy.md and .json. ``--fast`` leaves out the
cross-validation, which takes minutes, and stores nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

from classify.blend import Blend
from classify.full import EncoderModel
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.scoring import Judged, Labelled, Labels, score
from classify.tagger import WEIGHTS, ModelTagger, Tagger, load_tagger, read_settings
from classify.training import corpus
from classify.training.build import fit_folds, unseen_by
from classify.training.encoder import held_out
from models.speech import Speaker
from models.tags import TaggerName, Tagging
from models.taxonomy import Reason
from models.values import Conversation, Turn

ROOM = Path(__file__).parent
FIGURES = ("primary_acc", "primary_f1", "reasons_f1", "billing_f1", "features_f1", "step_acc", "ece")
EVERY = 3  # of how many single messages one is read, so that the full tagger is done in minutes
TAGGERS: tuple[TaggerName, ...] = ("fast", "full", "cascade")
Table = list[dict[str, Any]]


def interval(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, z = hits / n, 1.96
    centre, reach = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (centre - reach) / (1 + z * z / n), (centre + reach) / (1 + z * z / n)


def kept_aside() -> tuple[list[Labelled], list[Conversation]]:
    """The conversations of data/dev, and how they look redacted."""
    redactor = Redactor.from_folder(REDACTION_WEIGHTS)
    lines = [line for path in sorted((ROOM / "data" / "dev").glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    gold = [Labelled.model_validate_json(line) for line in lines]
    return gold, [found.conversation for found in redactor.redact_many(gold)]


def judge(gold: Sequence[Labelled], redacted: Sequence[Conversation], tagger: Tagger) -> list[Judged]:
    return [Judged(*each) for each in zip(gold, tagger.tag(redacted), (r.turns for r in redacted), strict=True)]


@dataclass
class Unseen:
    """Labelled conversations as tagged by a tagger that had not seen them, and how often evidence is right."""

    judged: list[Judged] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)

    def add(self, known: corpus.Labelled, tagging: Tagging) -> None:
        labels = Labels(primary=known.primary, reasons=known.reasons, features=known.features, step=known.step)
        gold = Labelled.model_validate({**known.conversation.model_dump(), "gold": labels})
        self.judged.append(Judged(gold, tagging, gold.turns))
        self.shown += evidence_found(known, tagging.reasons)

    @property
    def evidence(self) -> float:
        return round(sum(self.shown) / len(self.shown), 3)


def cross_validated() -> dict[tuple[str, str], Unseen]:
    """By tagger and folder: all conversations as the fast tagger reads them, and what the encoder has not seen as the
    full one does."""
    fitted = fit_folds(ROOM / "data", lambda stage, share: print(f"{stage} {share:.0%}", flush=True))
    known, in_train = fitted.corpus.conversations, len(corpus.read_conversations(ROOM / "data" / "train"))
    aside = set(held_out(range(len(known))))
    encoder, settings = EncoderModel.from_folder(WEIGHTS / "full"), read_settings(WEIGHTS / "full")
    found: dict[tuple[str, str], Unseen] = defaultdict(Unseen)
    for fast, places in unseen_by(fitted):
        full = ModelTagger(Blend(fast.model, encoder, settings["weights"]), fast.languages, settings)
        for name, tagger, chosen in (("fast", fast, places), ("full", full, sorted(aside & set(places)))):
            tags = tagger.tag([known[place].conversation for place in chosen])
            for place, tagging in zip(chosen, tags, strict=True):
                found[name, "train" if place < in_train else "hinted"].add(known[place], tagging)
    return found


def evidence_found(known: corpus.Labelled, reasons: Sequence[Any]) -> Iterator[bool]:
    """For each right reason: whether the turn given first as evidence is one that a reader named."""
    for tag in reasons:
        if tag.id in known.reasons and tag.evidence:
            turn = known.evidence.get(tag.evidence[0].turn)
            yield turn is not None and tag.id in turn.reasons


def by_group(judged: Sequence[Judged]) -> Table:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for group in ("all", one.gold.language or "und", one.gold.channel.value):
            groups[group].append(one)
    return [figures(name, members) for name, members in groups.items()]


def figures(name: str, judged: Sequence[Judged]) -> dict[str, Any]:
    scores = score(judged)._asdict()
    low, high = interval(round(scores["primary_acc"] * len(judged)), len(judged))
    shares = {figure: round(scores[figure], 3) for figure in FIGURES}
    return {"group": name, "n": len(judged), **shares, "primary_acc_95": f"{low:.3f}–{high:.3f}"}


def asking(fast: Sequence[Judged], full: Sequence[Judged]) -> Table:
    """What the full tagger would read, and what comes out, by the confidence below which it is asked."""
    rows = []
    for below in (0.0, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01):
        asks = [one.tagging.confidence < below for one in fast]
        scores = score([b if ask else a for a, b, ask in zip(fast, full, asks, strict=True)])._asdict()
        shares = {figure: round(scores[figure], 3) for figure in ("primary_acc", "reasons_f1", "features_f1")}
        rows.append({"ask_below": below, "n": len(fast), "asked": round(sum(asks) / len(asks), 3), **shares})
    return rows


def reliability(judged: Sequence[Judged]) -> Table:
    bins: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        bins[min(int(one.tagging.confidence * 10), 9)].append(one)
    return [
        {
            "confidence": f"{number / 10:.1f}–{(number + 1) / 10:.1f}",
            "n": len(inside),
            "mean_confidence": round(sum(one.tagging.confidence for one in inside) / len(inside), 3),
            "accuracy": round(sum(right(one) for one in inside) / len(inside), 3),
        }
        for number, inside in sorted(bins.items())
    ]


def right(one: Judged) -> bool:
    return one.gold.gold.primary == one.tagging.primary


def coverage(judged: Sequence[Judged]) -> Table:
    """How right the surest tags are, by the share of conversations they cover."""
    surest = sorted(judged, key=lambda one: -one.tagging.confidence)
    rows = []
    for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        kept = surest[: max(1, round(share * len(surest)))]
        rows.append({"coverage": share, "n": len(kept), "accuracy": round(sum(map(right, kept)) / len(kept), 3)})
    return rows


def by_reason(judged: Sequence[Judged]) -> Table:
    true = Counter(one.gold.gold.primary for one in judged)
    said = Counter(one.tagging.primary for one in judged)
    hits = Counter(one.tagging.primary for one in judged if right(one))
    return [
        {
            "reason": reason.value,
            "n": true[reason],
            "recall": round(hits[reason] / true[reason], 3) if true[reason] else None,
            "precision": round(hits[reason] / said[reason], 3) if said[reason] else None,
        }
        for reason in Reason
    ]


def confusions(judged: Sequence[Judged]) -> Table:
    """Every pair of true and tagged reason that occurs, the right ones included, most frequent first."""
    pairs = Counter((one.gold.gold.primary.value, one.tagging.primary.value) for one in judged)
    return [{"is": true, "tagged": said, "n": n} for (true, said), n in pairs.most_common()]


def mistakes(judged: Sequence[Judged]) -> Table:
    return [row for row in confusions(judged) if row["is"] != row["tagged"]][:15]


def messages(folder: Path) -> list[tuple[str, str, frozenset[str]]]:
    """(set, text, accepted reasons) of every message whose label maps strongly to our reasons."""
    found = []
    for name, text, label in (("banking77", "text", "category"), ("bitext", "utterance", "intent")):
        with (folder / name / "mapping.tsv").open(encoding="utf-8") as handle:
            strong = {
                row["source_label"]: frozenset(row["accept"].split(","))
                for row in csv.DictReader(handle, delimiter="\t")
                if row["strength"] == "strong"
            }
        for path in sorted((folder / name).glob("*.csv")):
            with path.open(encoding="utf-8") as handle:
                found += [
                    (name, row[text], strong[row[label]]) for row in csv.DictReader(handle) if row[label] in strong
                ]
    return found


def single_messages(tagger_name: TaggerName, tagger: Tagger, folder: Path) -> Table:
    """Messages by others: billing ones that got an accepted reason, others that were called billing."""
    known = messages(folder)[::EVERY]
    turns = [Turn(speaker=Speaker.CUSTOMER, text=text) for _, text, _ in known]
    tagged = tagger.tag([Conversation(id="m", turns=(turn,), language="en") for turn in turns])
    rows = []
    for name in ("banking77", "bitext"):
        own = [(a, t.primary.value) for (n, _, a), t in zip(known, tagged, strict=True) if n == name]
        billing = [(accepted, said) for accepted, said in own if "not_billing" not in accepted]
        other = [said for accepted, said in own if accepted == {"not_billing"}]
        accepted_rate = sum(said in accepted for accepted, said in billing) / len(billing)
        false_rate = sum(said != "not_billing" for said in other) / len(other)
        row = {"tagger": tagger_name, "set": name, "billing_n": len(billing), "accepted": round(accepted_rate, 3)}
        rows.append({**row, "other_n": len(other), "called_billing": round(false_rate, 3)})
    return rows


def markdown(title: str, table: Table) -> str:
    head = list(table[0])
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join("–" if row[key] is None else str(row[key]) for key in head) + " |" for row in table]
    return "\n".join(lines) + "\n"


def measure(fast: bool) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    gold, redacted = kept_aside()
    taggers = {name: load_tagger(name) for name in TAGGERS}
    judged: dict[str, list[Judged]] = {}
    for name, tagger in taggers.items():
        print(f"tagging with {name}", flush=True)
        judged[name] = judge(gold, redacted, tagger)
        tables[f"Kept from training (data/dev), redacted first: {name}"] = by_group(judged[name])
    tables["Where the cascade could ask (data/dev)"] = asking(judged["fast"], judged["full"])
    tables["Single messages by others (banking77, bitext)"] = [
        row for name, tagger in taggers.items() for row in single_messages(name, tagger, ROOM / "data" / "real")
    ]
    return tables if fast else tables | unseen_tables(cross_validated())


def unseen_tables(found: dict[tuple[str, str], Unseen]) -> dict[str, Table]:
    head = "first evidence turn of a right reason is a labelled one"
    fast, full = (found[name, "train"].judged + found[name, "hinted"].judged for name in ("fast", "full"))
    return {
        "Five-fold cross-validation (data/train): fast": by_group(found["fast", "train"].judged),
        "Five-fold cross-validation (data/hinted): fast": by_group(found["fast", "hinted"].judged),
        "Tenth of data/train that the encoder has not seen: full": by_group(found["full", "train"].judged),
        "Tenth of data/hinted that the encoder has not seen: full": by_group(found["full", "hinted"].judged),
        "Evidence": [
            {"tagger": name, "of": f"data/{folder}", head: found[name, folder].evidence}
            for name, folder in sorted(found)
        ],
        "Reliability, cross-validated: fast": reliability(fast),
        "Reliability, unseen: full": reliability(full),
        "Coverage, cross-validated: fast": coverage(fast),
        "Coverage, unseen: full": coverage(full),
        "By reason, cross-validated: fast": by_reason(fast),
        "Most frequent mistakes, cross-validated: fast": mistakes(fast),
        "Confusions, cross-validated: fast": confusions(fast),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the tagger.")
    parser.add_argument("--fast", action="store_true")
    options = parser.parse_args()
    tables = measure(options.fast)
    text = "\n".join(markdown(title, table) for title, table in tables.items() if not title.startswith("Confusions"))
    print(text)
    if options.fast:
        return
    results = ROOM / "results"
    head = "# Accuracy of the taggers\n\nWritten by `python -m evaluation.accuracy`.\n\n"
    (results / "accuracy.md").write_text(head + text, encoding="utf-8")
    (results / "accuracy.json").write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
