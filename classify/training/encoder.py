"""Fine-tuning the full model's encoder on labelled conversations and single turns of five languages together.

On two cores the time goes to what is still hard: an example whose primary reason the model knew for sure is left out of
most later passes, and what the untrained lower layers make of an example is kept from pass to pass.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from classify.conversations import of_like_length
from classify.encoder import RAISED, STEPS, Network, Output, save
from classify.full import EncoderModel, read_turns
from classify.training.augmentation import Augmenter, Example, Shown, read_conversations, read_utterances
from classify.training.corpus import CONVERSATIONS, Labelled
from classify.training.corpus import read_conversations as read_labelled
from classify.training.pretrained import load_pretrained, spellings
from classify.turns import FEATURES, REASONS
from classify.windows import PAD, Batch, Spoken, collate
from models.values import Turn

Progress = Callable[[str, float], None]
T = TypeVar("T")

PASSES = 5
TOKENS = 1500  # a step
RATE = 2e-4  # of the topmost layer, at its peak
DECAY = 0.9  # of the rate, from layer to layer downwards
WARM_UP = 150  # steps
RENEWED = 0.15  # share of examples that a pass varies anew
KNOWN, READ_AGAIN = 0.1, 0.3  # below this surprise an example is known; share of the known that a pass reads
POOL = 2000  # examples among which those of like length are put together
HELD_OUT, OF = 3, 10


class Targets(NamedTuple):
    """What :func:`loss` compares with; shapes as in :class:`Output`."""

    turns: Tensor
    labels: Tensor
    primary: Tensor
    step: Tensor
    knows_step: Tensor


@dataclass(frozen=True)
class Read:
    """A varied copy of an example as the lower layers left it: one tensor [tokens, hidden] a window."""

    example: Example
    spoken: list[Spoken]
    rows: list[Tensor]


class Step(NamedTuple):
    """What one step learns from; ``places`` of the examples, ``lower`` [rows, length, hidden]."""

    batch: Batch
    lower: Tensor
    targets: Targets
    places: list[int]


def held_out(conversations: Sequence[T]) -> Sequence[T]:
    """The tenth that the model never learns from."""
    return conversations[HELD_OUT::OF]


def learnt_from(data: Path) -> list[Example]:
    """All conversations but those that :func:`held_out` names."""
    conversations = [example for folder in CONVERSATIONS for example in read_conversations(data / folder)]
    del conversations[HELD_OUT::OF]
    return conversations


def train_encoder(
    data: Path,
    folder: Path,
    on_progress: Progress,
    encoder: str | None = None,
    *,
    passes: int = PASSES,
    device: str = "cpu",
    seed: int = 7,
) -> None:
    """Learn from nine tenths of the conversations in ``data`` and from its utterances; store the model in ``folder``
    after each pass. ``encoder`` as in :func:`load_pretrained`; ``on_progress`` gets a stage and its share done.

    Seeded: the same data on the same machine gives the same weights. Over an hour on two cores, minutes on a GPU.
    Raises :class:`models.errors.BadInput` or ``BadSetting`` for data or an encoder that cannot be read.
    """
    aside = held_out([labelled for folder in CONVERSATIONS for labelled in read_labelled(data / folder)])
    conversations, utterances = learnt_from(data), read_utterances(data / "utterances")
    torch.manual_seed(seed)
    rng = random.Random(seed)
    on_progress("loading the encoder", 0.0)
    examples = conversations + utterances
    texts = spellings(turn.text for example in examples for turn in example.turns)
    network, tokenizer = load_pretrained(encoder, texts)
    shelf = Shelf(network.to(device), tokenizer, Augmenter(conversations, utterances, rng))
    for number, share in learn(network, shelf, examples, passes, rng):
        on_progress(f"pass {number + 1} of {passes}", share)
        if share == 1.0:
            save(network, tokenizer, folder)
            right = accuracy(EncoderModel.from_folder(folder), aside)
            on_progress(f"pass {number + 1} of {passes}: {right:.3f} of the primary reasons kept aside", share)


def accuracy(model: EncoderModel, aside: Sequence[Labelled]) -> float:
    primary = model.judge([labelled.conversation for labelled in aside]).primary.argmax(axis=1)
    hits: list[bool] = [
        REASONS[best] == labelled.primary for best, labelled in zip(primary.tolist(), aside, strict=True)
    ]
    return sum(hits) / len(hits)


class Shelf:
    """What the lower layers make of examples, kept from pass to pass; now and then one is varied and read anew."""

    def __init__(self, network: Network, tokenizer: Tokenizer, augment: Augmenter) -> None:
        self.network, self.tokenizer, self.augment = network, tokenizer, augment
        self.kept: dict[int, Read] = {}

    def get(self, examples: Sequence[Example], places: Sequence[int]) -> list[Read]:
        """The examples at ``places``, in order."""
        rng = self.augment.rng
        missing = [place for place in places if place not in self.kept or rng.random() < RENEWED]
        varied = {place: self.augment(examples[place]) for place in missing}
        spoken = {place: spoken_in(self.tokenizer, example) for place, example in varied.items()}
        for group in in_batches(missing, [length_of(spoken[place]) for place in missing]):
            rows = self._read([spoken[place] for place in group])
            self.kept |= {place: Read(varied[place], spoken[place], rows[n]) for n, place in enumerate(group)}
        return [self.kept[place] for place in places]

    @torch.no_grad()
    def _read(self, conversations: Sequence[Sequence[Spoken]]) -> list[list[Tensor]]:
        batch = collate(conversations, self.network.config.positions)
        hidden = self.network.encoder.lower(batch.ids.to(self.network.centre.device)).half()
        rows: list[list[Tensor]] = [[] for _ in conversations]
        sizes = (batch.ids != PAD).sum(1).tolist()
        for row, size, number in zip(hidden, sizes, batch.row_conversation.tolist(), strict=True):
            rows[number].append(row[:size].clone())
        return rows

    def steps(self, examples: Sequence[Example], places: Iterable[int]) -> Iterator[Step]:
        """One pass over ``places`` in random order, in batches of like lengths."""
        order, rng = list(places), self.augment.rng
        rng.shuffle(order)
        for start in range(0, len(order), POOL):
            pool = order[start : start + POOL]
            reads = dict(zip(pool, self.get(examples, pool), strict=True))
            groups = in_batches(pool, [length_of(reads[place].spoken) for place in pool])
            rng.shuffle(groups)
            yield from (self._step([reads[place] for place in group], group) for group in groups)

    def _step(self, reads: Sequence[Read], places: list[int]) -> Step:
        lower = pad_sequence([row.float() for read in reads for row in read.rows], batch_first=True)
        batch = collate([read.spoken for read in reads], self.network.config.positions)
        targets = Targets(*(part.to(lower.device) for part in targets_of([read.example for read in reads])))
        return Step(batch.to(lower.device), lower, targets, places)


def spoken_in(tokenizer: Tokenizer, example: Example) -> list[Spoken]:
    return read_turns(tokenizer, [Turn(speaker=said.speaker, text=said.text) for said in example.turns])[0]


def length_of(conversation: Sequence[Spoken]) -> int:
    return 1 + sum(len(turn.ids) + 1 for turn in conversation)


def in_batches(places: Sequence[int], lengths: Sequence[int]) -> list[list[int]]:
    """Groups of like length whose padded size is at most ``TOKENS``."""
    order = np.lexsort((places, lengths))
    return [np.take(places, order[group]).tolist() for group in of_like_length(np.take(lengths, order), TOKENS)]


def row_of(shown: Shown) -> list[float]:
    return [float(r in shown.reasons) for r in RAISED] + [float(f in shown.features) for f in FEATURES]


def targets_of(examples: Sequence[Example]) -> Targets:
    return Targets(
        torch.tensor([row_of(turn.shown) for example in examples for turn in example.turns]),
        torch.tensor([row_of(example.shown) for example in examples]),
        torch.tensor([[example.primary.get(reason, 0.0) for reason in REASONS] for example in examples]),
        torch.tensor([STEPS.index(example.step) for example in examples]),
        torch.tensor([example.knows_step for example in examples]),
    )


def loss(output: Output, targets: Targets, heard: Tensor) -> tuple[Tensor, Tensor]:
    """Mean loss of primary reason, labels, turns' evidence and step; and that of the primary alone, [conversations]."""
    primary = -(targets.primary * output.primary.log_softmax(1)).sum(1)
    labels = functional.binary_cross_entropy_with_logits(output.labels, targets.labels, reduction="none").sum(1).mean()
    turns = functional.binary_cross_entropy_with_logits(output.turns[heard], targets.turns[heard], reduction="none")
    step = functional.cross_entropy(output.step, targets.step, reduction="none")
    step = (step * targets.knows_step).sum() / targets.knows_step.sum().clamp(min=1)
    return primary.mean() + 0.5 * labels + 0.5 * turns.sum(1).mean() + 0.2 * step, primary.detach()


@torch.no_grad()
def standardise(network: Network, steps: Iterable[Step]) -> None:
    """Set centre and spread of turns' vectors: as pretrained they lie in a narrow cone, where heads learn slowly."""
    vectors = torch.cat(
        [
            network.turn_vectors(network.encoder.upper(step.lower, step.batch.ids, step.batch.speakers), step.batch)
            for step in steps
        ]
    )
    network.centre.zero_().add_(vectors.mean(0))
    network.spread.zero_().add_(vectors.std(0))


def parameter_groups(network: Network) -> list[dict[str, Any]]:
    """Rates fall from layer to layer downwards, heads learn ten times faster, the lower layers not at all."""
    encoder, below = network.encoder, network.config.speaker_layer
    for part in (encoder.word, encoder.position, encoder.norm, *encoder.layers[:below]):
        part.requires_grad_(False)
    groups: list[dict[str, Any]] = [{"params": [encoder.speaker.weight], "lr": RATE * 5, "weight_decay": 0.0}]
    for depth, layer in enumerate(reversed(encoder.layers[below:])):
        for decayed in (True, False):
            parameters = [p for p in layer.parameters() if (p.dim() > 1) == decayed]
            groups.append({"params": parameters, "lr": RATE * DECAY**depth, "weight_decay": 0.01 * decayed})
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder.")]
    return [*groups, {"params": heads, "lr": RATE * 10, "weight_decay": 0.0}]


def rate_at(step: int, done: float) -> float:
    """Share of the peak rate: up over the first steps, then down a cosine as ``done`` goes from 0 to 1."""
    return min(1.0, step / WARM_UP) * (0.5 * (1 + math.cos(math.pi * min(done, 1.0))) + 0.005)


def learn(
    network: Network, shelf: Shelf, examples: Sequence[Example], passes: int, rng: random.Random
) -> Iterator[tuple[int, float]]:
    """Train in place; yields pass and share of it done after every step."""
    surprise, step = [math.inf] * len(examples), 0
    standardise(network, shelf.steps(examples, rng.sample(range(len(examples)), min(1000, len(examples)))))
    optimiser = torch.optim.AdamW(parameter_groups(network), betas=(0.9, 0.98))
    network.train()
    peaks = [group["lr"] for group in optimiser.param_groups]
    for number in range(passes):
        chosen, read = [p for p, value in enumerate(surprise) if value > KNOWN or rng.random() < READ_AGAIN], 0
        for drawn in shelf.steps(examples, chosen):
            for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                group["lr"] = peak * rate_at(step, (number + read / len(chosen)) / passes)
            for place, amount in zip(drawn.places, take_step(network, optimiser, drawn), strict=True):
                surprise[place] = amount
            step, read = step + 1, read + len(drawn.places)
            yield number, read / len(chosen)


def take_step(network: Network, optimiser: torch.optim.Optimizer, drawn: Step) -> list[float]:
    """Learn from a step; returns each conversation's surprise about its primary reason."""
    value, primary = loss(network(drawn.batch, drawn.lower), drawn.targets, drawn.batch.heard)
    value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    optimiser.zero_grad()
    surprises: list[float] = primary.tolist()
    return surprises
