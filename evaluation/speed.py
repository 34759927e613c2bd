"""How fast Tydlig is, each figure against another of the same run, on two cores.

usage: python -m evaluation.speed [--only rates start memory scale calls]

Prints the tables and stores them as evaluation/results/speed.md and .json; ``--only`` renews the named parts there.
What is compared takes turns; figures are medians, with the least and the greatest of the repetitions beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from classify.fast import EMBEDDING
from classify.tagger import WEIGHTS, Tagger, load_tagger
from classify.training.corpus import read_utterances
from evaluation import baselines, processes
from evaluation.processes import NAMES, Table, reach
from evaluation.texts import DATA, learnt, redacted, unseen
from evaluation.timing import Spread, alternate, progress, significant
from models.values import Conversation

RESULTS = Path(__file__).parent / "results"
Says = Callable[[Sequence[Conversation]], list[str]]
CORES, ROUNDS = 2, 3
UTTERANCES = 5_000  # as many as the slow baseline's encoder reads in a minute or two
TOKENISER = "the fast one's tokeniser alone"
EMBEDDINGS = "frozen e5-small + logistic regression"
EMBEDDINGS_MORE = f"the same, and {UTTERANCES:,} single turns to learn from"
COUNTS = "tf-idf + linear SVM, all single turns too"


def rates() -> dict[str, Table]:
    """Conversations a second: ours, the baselines, the tokeniser."""
    gold = unseen()
    fresh, truth = redacted(gold), [one.gold.primary.value for one in gold]
    everything = [one.conversation for one in learnt()] + fresh
    fast = load_tagger("fast")
    with TemporaryDirectory() as folder:
        others, more = fitted(Path(folder))
    contenders: dict[str, Says] = {name: partial(primaries, load_tagger(name)) for name in NAMES}
    contenders |= others
    said = {name: tag(fresh) for name, tag in (contenders | more).items()}
    accuracy = {name: share_right(reasons, truth) for name, reasons in said.items()}
    progress(f"rates: {len(fresh)} unseen conversations")
    took = alternate({name: partial(tag, fresh) for name, tag in contenders.items()}, ROUNDS)
    progress(f"rates: {len(everything)} conversations")
    bulk = in_bulk(fast, everything)
    return {
        f"{len(fresh)} conversations that none learnt from": rate_rows(took, len(fresh), accuracy),
        "The baseline with more to learn from": [{"tagger": name, "primary_acc": accuracy[name]} for name in more],
        f"{len(everything):,} conversations": rate_rows(bulk, len(everything), {}),
        "One against the other": ratios(took, bulk, accuracy),
    }


def primaries(tagger: Tagger, conversations: Sequence[Conversation]) -> list[str]:
    return [tagging.primary.value for tagging in tagger.tag(conversations)]


def in_bulk(fast: Tagger, conversations: Sequence[Conversation]) -> dict[str, Spread]:
    """The fast tagger beside its own tokeniser alone, which it cannot outrun."""
    tokeniser = Tokenizer.from_file(str(WEIGHTS / "fast" / EMBEDDING / "tokenizer.json"))
    texts = [turn.text for conversation in conversations for turn in conversation.turns]
    unnamed = [one.model_copy(update={"language": None}) for one in conversations]
    tasks: dict[str, Callable[[], object]] = {
        "fast": partial(fast.tag, conversations),
        "fast, language not given": partial(fast.tag, unnamed),
        TOKENISER: partial(tokeniser.encode_batch, texts, add_special_tokens=False),
    }
    return alternate(tasks, ROUNDS)


def fitted(folder: Path) -> tuple[dict[str, Says], dict[str, Says]]:
    """The baselines, and those of them that learnt from more but take as long."""
    known, utterances = baselines.from_conversations(learnt()), read_utterances(DATA / "utterances")
    some = baselines.from_utterances(utterances, UTTERANCES)
    progress("baselines: tf-idf and support vectors")
    counted = baselines.fit_counted_words([*known, *baselines.from_utterances(utterances)])
    encoder = baselines.load_encoder(folder)
    progress(f"baselines: embeddings of {len(known):,} conversations and {len(some):,} single turns")
    rows = [baselines.encode(encoder, [example.text for example in examples]) for examples in (known, some)]
    progress("baselines: logistic regression")
    heads = baselines.fit_head(rows[0], known), baselines.fit_head(np.vstack(rows), [*known, *some])
    alone, more = (baselines.FrozenEmbeddings(encoder, head) for head in heads)
    return {EMBEDDINGS: alone.tag, COUNTS: counted.tag}, {EMBEDDINGS_MORE: more.tag}


def share_right(said: Sequence[str], truth: Sequence[str]) -> float:
    return round(sum(a == b for a, b in zip(said, truth, strict=True)) / len(truth), 3)


def rate_rows(took: dict[str, Spread], count: int, accuracy: dict[str, float]) -> Table:
    rows = []
    for name, seconds in took.items():
        rate = seconds.rate(count)
        row = {"tagger": name, "conversations/s": significant(rate.median), **reach(rate)}
        rows.append(row | ({"primary_acc": accuracy[name]} if accuracy else {}))
    return rows


def ratios(took: dict[str, Spread], bulk: dict[str, Spread], accuracy: dict[str, float]) -> Table:
    """What was promised, and what it is."""
    slow = took[EMBEDDINGS].median / took["fast"].median
    limit = bulk[TOKENISER].median / bulk["fast"].median
    cascade = took["full"].median / took["cascade"].median
    better = accuracy["fast"] - max(accuracy[EMBEDDINGS], accuracy[EMBEDDINGS_MORE])
    lost = accuracy["full"] - accuracy["cascade"]
    return [
        promise("rate of fast / embeddings + logistic regression", slow, "≥ 100", slow >= 100),
        promise("primary_acc of fast − of the better of these", better, "> 0", better > 0),
        promise("rate of fast / its tokeniser alone", limit, "≥ 0.5", limit >= 0.5),
        promise("rate of cascade / full", cascade, "≥ 10", cascade >= 10),
        promise("primary_acc of full − of cascade", lost, "≤ 0.01", lost <= 0.01),
    ]


def promise(what: str, value: float, floor: str, kept: bool) -> dict[str, str | float]:
    return {"": what, "measured": significant(value), "promised": floor, "kept": "yes" if kept else "no"}


PARTS = {
    "rates": ("Conversations a second", rates),
    "start": ("Cold start", processes.start),
    "memory": ("Memory", processes.memory),
    "scale": ("Cost by number of conversations", processes.scale),
    "calls": ("One call of the API", processes.calls),
}


def machine() -> str:
    """Where it was measured."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].partition(": ")[2] if names else platform.machine()
    return f"{len(os.sched_getaffinity(0))} cores of {processor}, Python {platform.python_version()}"


def use_cores(count: int) -> None:
    """This process, the threads that its libraries have made already, and all that it starts keep to so many cores."""
    kept = sorted(os.sched_getaffinity(0))[:count]
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), kept)
    torch.set_num_threads(count)


def store(renewed: dict[str, Any], folder: Path) -> None:
    """Parts that were not measured now stay as they were stored."""
    path = folder / "speed.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    parts = {name: part for name in PARTS if (part := renewed.get(name, known.get(name)))}
    path.write_text(json.dumps(parts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    head = "# Speed\n\nWritten by `python -m evaluation.speed`.\n\n"
    (folder / "speed.md").write_text(head + "\n".join(map(markdown, parts.values())), encoding="utf-8")


def markdown(part: dict[str, Any]) -> str:
    tables = "\n".join(f"{title}\n\n{rows_of(table)}\n" for title, table in part["tables"].items())
    return f"## {part['title']}\n\nOn {part['machine']}.\n\n{tables}"


def rows_of(table: Table) -> str:
    lines = ["| " + " | ".join(map(str, cells)) + " |" for cells in (table[0], *(row.values() for row in table))]
    return "\n".join([lines[0], "|" + "---|" * len(table[0]), *lines[1:]])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast Tydlig is.")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    wanted = parser.parse_args().only
    use_cores(CORES)
    renewed = {}
    for name in wanted:
        title, measure = PARTS[name]
        renewed[name] = {"title": title, "machine": machine(), "tables": measure()}
        print(markdown(renewed[name]), flush=True)
    store(renewed, RESULTS)


if __name__ == "__main__":
    main()
