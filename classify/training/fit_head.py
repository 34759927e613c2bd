"""Learning to judge a whole conversation from the scores of its turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from classify.training.fit_turns import Arrays
from classify.words import Floats

HIDDEN = 24
EPOCHS = 40
STEP = 1e-2
BATCH = 256
BETWEEN_DECAY = 0.05


@dataclass(frozen=True)
class Judgeable:
    """Conversations as :func:`classify.conversations.describe` gives them, stacked, and what is true of them.

    ``primary`` is the place of the primary tag, ``None`` where a head judges presence alone; ``weight`` says how much
    each conversation counts.
    """

    tags: Floats
    certain: Floats
    primary: NDArray[np.int64] | None
    present: Floats
    weight: Floats

    def pick(self, rows: NDArray[np.bool_]) -> Judgeable:
        primary = None if self.primary is None else self.primary[rows]
        return Judgeable(self.tags[rows], self.certain[rows], primary, self.present[rows], self.weight[rows])


class Network(torch.nn.Module):
    """The trainable twin of :class:`classify.conversations.Head`."""

    def __init__(self, columns: int, tags: int, certain: int, outputs: int) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(columns, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, outputs, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(tags, outputs))
        self.between = torch.nn.Parameter(torch.zeros(outputs, certain, tags))
        self.dropout = torch.nn.Dropout(0.2)

    def forward(self, described: torch.Tensor, certain: torch.Tensor) -> torch.Tensor:
        inner = self.dropout(torch.tanh(self.hidden(described)))
        judged = (self.out(inner) + self.bias).permute(2, 0, 1)
        total: torch.Tensor = judged + (certain @ self.between)
        return total


def loss(
    judged: torch.Tensor, primary: torch.Tensor | None, present: torch.Tensor, weight: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of presence, and of the primary where there is one; the last output is presence."""
    apart = torch.nn.functional.binary_cross_entropy_with_logits(judged[-1], present, reduction="none").sum(1)
    if primary is not None:
        apart = apart + torch.nn.functional.cross_entropy(judged[0], primary, reduction="none") * 3
    return (apart * weight).sum() / weight.sum()


def fit_head(examples: Judgeable, prefix: str, seed: int = 0) -> Arrays:
    """Fit one head and return its arrays under ``prefix``."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the sums must not depend on how many cores there are
    mean, scale = examples.tags.mean((0, 1)), examples.tags.std((0, 1)) + 1e-6
    described = torch.from_numpy((examples.tags - mean) / scale)
    certain, present, weight = map(torch.from_numpy, (examples.certain, examples.present, examples.weight))
    primary = None if examples.primary is None else torch.from_numpy(examples.primary)
    outputs = 1 if primary is None else 2
    network = Network(described.shape[2], described.shape[1], certain.shape[1], outputs)
    optimiser = torch.optim.Adam(network.parameters(), lr=STEP)
    plan = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.01, total_iters=EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(described)), BATCH):
            judged = network(described[batch], certain[batch])
            aim = None if primary is None else primary[batch]
            total = loss(judged, aim, present[batch], weight[batch])
            total = total + BETWEEN_DECAY * network.between.square().sum()
            optimiser.zero_grad()
            total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
        plan.step()
    return export(network, mean, scale, prefix)


def export(network: Network, mean: Floats, scale: Floats, prefix: str) -> Arrays:
    parts = {
        "mean": mean,
        "scale": scale,
        "hidden": network.hidden.weight.detach().numpy().T.copy(),
        "hidden_bias": network.hidden.bias.detach().numpy(),
        "out": network.out.weight.detach().numpy().T.copy(),
        "bias": network.bias.detach().numpy(),
        "between": network.between.detach().numpy(),
    }
    return {f"{prefix}.{name}": part.astype(np.float32) for name, part in parts.items()}
