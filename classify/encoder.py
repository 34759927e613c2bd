"""The full tagger's network: one read of a conversation by an encoder over all its turns, and heads on top of it.

The encoder is BERT's (Devlin et al. 2019), written out in plain torch: on two cores it trains in less than half the
time of a library's general form. Who speaks is added as a vector.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from classify.turns import FEATURES, REASONS
from classify.windows import MAX_TOKENS, PAD, SPEAKERS, Batch
from models.taxonomy import STEP_OF_REASON, Reason, Step

RAISED = tuple(reason for reason in REASONS if reason is not Reason.NOT_BILLING)  # what a turn can show, with FEATURES
STEPS: tuple[Step | None, ...] = (*Step, None)
ROWS_AT_ONCE = 8
BASE_RATE = -3.5  # logit of how often a turn shows a label, from where the heads start to learn
FAR = -1e9  # logit of what must not be chosen


@dataclass(frozen=True)
class Config:
    """The encoder's shape. ``speaker_layer`` is where the speaker comes in: at the lowest layer that was trained."""

    vocabulary: int
    hidden: int = 384
    layers: int = 12
    heads: int = 12
    feed_forward: int = 1536
    speaker_layer: int = 8
    positions: int = MAX_TOKENS
    epsilon: float = 1e-12


class Output(NamedTuple):
    """Logits. Turns and conversations carry 26 reasons, then 21 features."""

    turns: Tensor  # [turns, 47]
    labels: Tensor  # [conversations, 47]
    primary: Tensor  # [conversations, 27]
    step: Tensor  # [conversations, 10]


class Layer(nn.Module):
    """BERT's layer: attention, then feed-forward, each with its sum and norm behind it."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.attention_in = nn.Linear(config.hidden, 3 * config.hidden)
        self.attention_out = nn.Linear(config.hidden, config.hidden)
        self.attention_norm = nn.LayerNorm(config.hidden, config.epsilon)
        self.forward_in = nn.Linear(config.hidden, config.feed_forward)
        self.forward_out = nn.Linear(config.feed_forward, config.hidden)
        self.forward_norm = nn.LayerNorm(config.hidden, config.epsilon)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, hidden = x.shape
        q, k, v = self.attention_in(x).view(rows, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        context = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        context = context.transpose(1, 2).reshape(rows, length, hidden)
        x = self.attention_norm(self.attention_out(context) + x)
        out: Tensor = self.forward_norm(self.forward_out(functional.gelu(self.forward_in(x))) + x)
        return out


def embedding(rows: int, width: int) -> nn.Embedding:
    """Rows of zeros, to be filled: to draw them at random only takes time."""
    return nn.Embedding(rows, width, _weight=torch.zeros(rows, width))


class Encoder(nn.Module):
    """Hidden states of tokens. What lies below ``speaker_layer`` is never trained: ``lower`` is always the same."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.word = embedding(config.vocabulary, config.hidden)
        self.position = embedding(config.positions, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, config.epsilon)
        self.speaker = embedding(len(set(SPEAKERS.values())), config.hidden)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.speaker_layer = config.speaker_layer

    def forward(self, ids: Tensor, speakers: Tensor) -> Tensor:
        """Hidden states [rows, length, hidden]."""
        return self.upper(self.lower(ids), ids, speakers)

    def lower(self, ids: Tensor) -> Tensor:
        x: Tensor = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])
        mask = attention_mask(ids)
        for layer in self.layers[: self.speaker_layer]:
            x = layer(x, mask)
        return x

    def upper(self, x: Tensor, ids: Tensor, speakers: Tensor) -> Tensor:
        x = x + self.speaker(speakers)
        mask = attention_mask(ids)
        for layer in self.layers[self.speaker_layer :]:
            x = layer(x, mask)
        return x


def attention_mask(ids: Tensor) -> Tensor | None:
    padding = ids == PAD
    if not padding.any():
        return None
    return torch.zeros(ids.shape, device=ids.device).masked_fill(padding, FAR)[:, None, None, :]


def segment_mean(values: Tensor, segment: Tensor, count: int) -> Tensor:
    """Mean of ``values`` [n, width] by ``segment`` [n]; what belongs to segment ``count`` is dropped."""
    sums = values.new_zeros(count + 1, values.shape[1]).index_add(0, segment, values)
    sizes = torch.bincount(segment, minlength=count + 1)[:, None].clamp(min=1)
    return (sums / sizes)[:count]


def segment_logsumexp(values: Tensor, segment: Tensor, count: int) -> Tensor:
    """Log-sum-exp of ``values`` [n, width] by ``segment`` [n]."""
    index = segment[:, None].expand_as(values)
    top = values.new_full((count, values.shape[1]), FAR)
    top = top.scatter_reduce(0, index, values.detach(), "amax")
    sums = values.new_zeros(count, values.shape[1]).index_add(0, segment, (values - top[segment]).exp())
    return top + sums.clamp(min=1e-9).log()


class Network(nn.Module):
    """Encoder and heads.

    A turn's labels are read off the mean of its tokens. A conversation's are the log-sum-exp of its customer turns'
    (a sharpness per label is learnt) plus what a summary of the whole adds: several may hold, each has its turn.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        labels, width = len(RAISED) + len(FEATURES), config.hidden
        self.encoder = Encoder(config)
        self.register_buffer("centre", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.dropout = nn.Dropout(0.1)
        self.turn_head = nn.Linear(width, labels)
        self.turn_weight = nn.Linear(width, 1)
        self.sharpness = nn.Parameter(torch.ones(labels))
        self.label_head = nn.Linear(2 * width, labels)
        self.primary_head = nn.Linear(2 * width, len(REASONS))
        self.primary_scale = nn.Parameter(torch.ones(len(RAISED)))
        self.step_head = nn.Linear(2 * width, len(STEPS))
        self.step_prior = nn.Parameter(step_table())
        for head in (self.turn_head, self.turn_weight, self.label_head, self.primary_head, self.step_head):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        nn.init.constant_(self.turn_head.bias, BASE_RATE)

    def forward(self, batch: Batch, lower: Tensor | None = None) -> Output:
        """Logits. ``lower``: what the lower layers make of the batch's rows, where that is known already."""
        lower = self.encoder.lower(batch.ids) if lower is None else lower
        return self.judge(self.encoder.upper(lower, batch.ids, batch.speakers), batch)

    def read(self, batch: Batch) -> Tensor:
        """Hidden states [rows, length, hidden], a few rows at a time, so that a long call takes little memory."""
        parts = [slice(at, at + ROWS_AT_ONCE) for at in range(0, len(batch.ids), ROWS_AT_ONCE)]
        return torch.cat([self.encoder(batch.ids[part], batch.speakers[part]) for part in parts])

    def judge(self, hidden: Tensor, batch: Batch) -> Output:
        turns = self.dropout(self.turn_vectors(hidden, batch))
        whole = segment_mean(hidden[:, 0], batch.row_conversation, batch.conversations)
        logits = self.turn_head(turns)
        of, n = batch.turn_conversation, batch.conversations
        unheard = ~batch.heard[:, None]
        weight = self.turn_weight(turns).masked_fill(unheard, FAR)
        weight = (weight - segment_logsumexp(weight, of, n)[of]).exp()
        summary = turns.new_zeros(n, turns.shape[1]).index_add(0, of, weight * turns)
        summary = torch.cat([summary, self.dropout(self.standard(whole))], dim=1)
        sharpness = functional.softplus(self.sharpness)
        pooled = segment_logsumexp((logits * sharpness).masked_fill(unheard, FAR), of, n) / sharpness
        labels = pooled + self.label_head(summary)
        primary = self.primary_head(summary)
        primary = primary + functional.pad(pooled[:, : len(RAISED)] * self.primary_scale, (0, 1))
        step = self.step_head(summary) + primary.softmax(1) @ self.step_prior
        return Output(logits, labels, primary, step)

    def turn_vectors(self, hidden: Tensor, batch: Batch) -> Tensor:
        """[turns, hidden]"""
        means = segment_mean(hidden.flatten(0, 1), batch.turn.flatten(), len(batch.heard))
        return self.standard(means)

    def standard(self, vectors: Tensor) -> Tensor:
        return (vectors - self.centre) / self.spread

    def token_shares(self, hidden: Tensor, batch: Batch) -> Tensor:
        """[tokens, 47]: what each token adds to its turn's logits, which are the mean of these and of its end's."""
        weighed = functional.linear(self.standard(hidden), self.turn_head.weight)
        return segment_mean(weighed.flatten(0, 1), batch.token.flatten(), batch.tokens)


def step_table() -> Tensor:
    """Logits [reasons, steps] of the step that follows from each primary reason."""
    table = torch.zeros(len(REASONS), len(STEPS))
    for row, reason in enumerate(REASONS):
        table[row, STEPS.index(STEP_OF_REASON.get(reason))] = 6.0
    return table


def save(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """Write ``config.json``, ``tokenizer.json`` and ``model.safetensors``; large matrices are int8, a scale a row."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for name, value in network.state_dict().items():
        if value.dim() == 2 and value.shape[0] > 64:
            scale = value.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
            tensors[name], tensors[f"{name}.scale"] = (value / scale).round().to(torch.int8), scale
        else:
            tensors[name] = value.to(torch.float16) if value.dim() == 2 else value.float()
    save_file({name: value.contiguous().cpu() for name, value in tensors.items()}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"))
    config = json.dumps({"encoder": asdict(network.config)}, indent=1)
    (folder / "config.json").write_text(config + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[Network, Tokenizer]:
    """What :func:`save` wrote, ready to judge."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        network = Network(Config(**config["encoder"]))
    tensors = load_file(folder / "model.safetensors")
    scales = {name.removesuffix(".scale"): tensors.pop(name) for name in list(tensors) if name.endswith(".scale")}
    state = {name: value.float() * scales.get(name, 1) for name, value in tensors.items()}
    network.load_state_dict(state, assign=True)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return network.eval().requires_grad_(False), tokenizer
