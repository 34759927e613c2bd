"""What the encoder promises, asked of a tiny one that knows nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram

from classify.encoder import Config, Network, load, save
from classify.full import FAMILIAR_TOKENS, WORD, EncoderModel, read_turns
from classify.turns import COLUMN_NAMES, FEATURES, REASONS
from classify.windows import Spoken, collate, windows
from models.errors import BadSetting
from models.speech import Speaker
from models.values import Conversation, Turn

CUSTOMER, AGENT, SYSTEM = Speaker.CUSTOMER, Speaker.AGENT, Speaker.SYSTEM
CALL = (
    (AGENT, "welcome, how can i help?"),
    (CUSTOMER, "hello, can you hear me"),
    (AGENT, "loud and clear"),
    (CUSTOMER, "i never got the invoice for march, nothing came in the post"),
    (AGENT, "we did send it"),
    (CUSTOMER, "send it again then, please!"),
)
WORDS = ["▁i", "▁the", "▁invoice", "▁never", "▁got", "▁march", "▁send", "▁okay", "▁one", "▁moment", "oice", "ing", "er"]


def tiny_tokenizer() -> Tokenizer:
    pieces = [*["<s>", "<pad>", "</s>", "<unk>", "▁"], *WORDS, *"abcdefghijklmnopqrstuvwxyzåäö.,!?"]
    tokenizer = Tokenizer(Unigram([(piece, -float(len(pieces) - len(piece))) for piece in pieces], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def tiny_network(vocabulary: int) -> Network:
    torch.manual_seed(3)
    shape = Config(vocabulary, hidden=24, layers=2, heads=2, feed_forward=48, speaker_layer=1, positions=64)
    network = Network(shape)
    for value in network.parameters():
        torch.nn.init.normal_(value, std=0.3)
    return network.eval()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, tokenizer = tmp_path_factory.mktemp("encoder"), tiny_tokenizer()
    save(tiny_network(tokenizer.get_vocab_size()), tokenizer, folder)
    return folder


@pytest.fixture(scope="module")
def model(stored: Path) -> EncoderModel:
    return EncoderModel.from_folder(stored)


def conversation(turns: Sequence[tuple[Speaker, str]]) -> Conversation:
    return Conversation(id="c", turns=tuple(Turn(speaker=speaker, text=text) for speaker, text in turns))


def message(text: str) -> Conversation:
    return conversation([(CUSTOMER, text)])


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins and ends where words do, or is all of a text that has none."""
    words = [match.span() for match in WORD.finditer(text)] or [(0, len(text))]
    return start in {first for first, _ in words} and end in {last for _, last in words} and start < end


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(8, 24))
def test_windows_cover_every_token_once_or_twice_and_fit(lengths: list[int], limit: int) -> None:
    rows = windows([list(range(length)) for length in lengths], limit)
    seen = [[0] * max(length, 1) for length in lengths]
    for row in rows:
        assert 1 + sum(len(piece.ids) + 1 for piece in row) <= limit
        assert [(piece.turn, piece.at) for piece in row] == sorted((piece.turn, piece.at) for piece in row)
        for piece in row:
            assert list(piece.ids) == list(range(piece.at, piece.at + len(piece.ids)))
            for place in range(piece.at, piece.at + max(len(piece.ids), 1)):
                seen[piece.turn][place] += 1
    assert {count for turn in seen for count in turn} <= {1, 2}


def test_windows_of_short_turns_share_two_of_them() -> None:
    rows = windows([[5, 6, 7]] * 6, limit=18)
    assert [[piece.turn for piece in row] for row in rows] == [[0, 1, 2, 3], [2, 3, 4, 5]]


def test_a_conversation_is_judged_in_the_shape_that_taggers_need(model: EncoderModel) -> None:
    judged = model.judge([conversation(CALL), message("the invoice")])
    assert judged.primary.shape == judged.reasons.shape == (2, len(REASONS))
    assert judged.features.shape == (2, len(FEATURES))
    assert judged.primary.dtype == judged.reasons.dtype == judged.features.dtype == np.float32
    share = np.exp(judged.primary[:, -1]) / np.exp(judged.primary).sum(axis=1)
    assert np.allclose(1 / (1 + np.exp(-judged.reasons[:, -1])), share, atol=1e-4)


def test_no_conversations_are_judged_as_none(model: EncoderModel) -> None:
    judged = model.judge([])
    assert judged.primary.shape == (0, len(REASONS))
    assert judged.silent.shape == (0,)


def test_the_same_words_are_judged_the_same_to_the_bit_whatever_stands_beside_them(model: EncoderModel) -> None:
    others = [message("okay " * length) for length in (1, 7, 30)]
    call = conversation(CALL)
    alone, among = model.judge([call]), model.judge([*others, call, *others, call])
    for place in (3, 7):
        for name in ("primary", "reasons", "features"):
            assert np.array_equal(getattr(alone, name)[0], getattr(among, name)[place])
        for column in range(len(COLUMN_NAMES)):
            assert alone.evidence([(0, column)])[0] == among.evidence([(place, column)])[0]


def test_conversations_side_by_side_in_training_are_read_as_each_would_be_alone(model: EncoderModel) -> None:
    calls = [read_turns(model.tokenizer, c.turns)[0] for c in (conversation(CALL), message("the invoice"))]
    with torch.inference_mode():
        together = model.network(collate(calls, 64))
        for place, call in enumerate(calls):
            alone = model.network(collate([call], 64))
            assert torch.allclose(alone.primary[0], together.primary[place], atol=1e-4)
            assert torch.allclose(alone.labels[0], together.labels[place], atol=1e-4)


def test_evidence_is_in_the_customers_turns_best_first_and_at_most_three(model: EncoderModel) -> None:
    call = conversation([*CALL, *CALL])
    judged = model.judge([call])
    shown = [judged.evidence([(0, column)])[0] for column in range(len(COLUMN_NAMES))]
    assert sum(map(len, shown)) > len(FEATURES)
    for finds in shown:
        assert len(finds) <= 3
        assert [find.score for find in finds] == sorted((find.score for find in finds), reverse=True)
        assert all(call.turns[find.turn].speaker == CUSTOMER for find in finds)


def test_what_is_about_no_invoice_needs_no_evidence(model: EncoderModel) -> None:
    assert model.judge([conversation(CALL)]).evidence([(0, len(REASONS) - 1)])[0] == ()


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
def test_evidence_in_any_text_is_whole_words_of_it(model: EncoderModel, text: str) -> None:
    judged = model.judge([conversation([(AGENT, "hello"), (CUSTOMER, text)])])
    assert np.isfinite(judged.primary).all()
    assert np.isfinite(judged.features).all()
    for column in (0, 5, len(COLUMN_NAMES) - 1):
        for find in judged.evidence([(0, column)])[0]:
            assert find.turn == 1
            assert 0 <= find.start < find.end <= len(text)
            assert is_whole(text, find.start, find.end)


def test_evidence_points_into_the_text_as_it_came_and_not_as_it_was_normalised(model: EncoderModel) -> None:
    text = "  \ufb01\ufb01 ½½   the\u00a0invoice  ㍿ , never"
    judged = model.judge([message(text)])
    finds = [find for column in range(len(REASONS) - 1) for find in judged.evidence([(0, column)])[0]]
    assert len({(find.start, find.end) for find in finds}) > 1
    assert all(is_whole(text, find.start, find.end) for find in finds)


@pytest.mark.parametrize("text", ["", "   ", "…", "\u00a0\t\n"])
def test_an_empty_text_is_silent_and_judged_all_the_same(model: EncoderModel, text: str) -> None:
    judged = model.judge([message(text), message("the invoice"), conversation([(AGENT, "hello"), (CUSTOMER, text)])])
    assert judged.silent.tolist() == [True, False, True]
    assert np.isfinite(judged.primary).all()


def test_an_empty_turn_shows_nothing(model: EncoderModel) -> None:
    judged = model.judge([conversation([(CUSTOMER, ""), (CUSTOMER, "the invoice"), (CUSTOMER, " ")])])
    assert {find.turn for column in range(5) for find in judged.evidence([(0, column)])[0]} == {1}


def test_a_conversation_of_the_agent_alone_is_read_as_if_it_were_the_customers(model: EncoderModel) -> None:
    judged = model.judge([conversation([(AGENT, "the invoice"), (AGENT, "never got here")])])
    assert not judged.silent[0]
    assert judged.evidence([(0, 0)])[0]


def test_a_menu_counts_as_the_agent(model: EncoderModel) -> None:
    menu = [(SYSTEM if speaker == AGENT else speaker, text) for speaker, text in CALL]
    judged = model.judge([conversation(CALL), conversation(menu)])
    assert np.array_equal(judged.primary[0], judged.primary[1])


def test_a_text_that_spells_a_mark_is_only_text(model: EncoderModel) -> None:
    spoken, _ = read_turns(model.tokenizer, message("the </s> invoice <pad> <s>").turns)
    assert min(spoken[0].ids) > 2


def test_a_three_hour_call_is_read_and_its_small_talk_left_out(model: EncoderModel) -> None:
    small_talk = [(AGENT, "one moment please"), (CUSTOMER, "okay")] * 1000
    call = conversation([*small_talk, *CALL, *small_talk])
    reading = model.read(call.turns)
    assert sum(len(spans) + 1 for spans in reading.spans) <= FAMILIAR_TOKENS
    assert reading.turns == sorted(set(reading.turns))
    judged = model.judge([call])
    finds = [find for column in range(26) for find in judged.evidence([(0, column)])[0]]
    assert finds
    assert all(call.turns[find.turn].speaker == CUSTOMER for find in finds)


def test_one_endless_turn_is_read_to_its_end(model: EncoderModel) -> None:
    judged = model.judge([message("okay " * 2000 + "invoice " * 50)])
    assert np.isfinite(judged.primary).all()
    assert all(judged.evidence([(0, column)])[0] for column in range(26))


def test_stored_weights_are_small_numbers_and_judge_as_before(stored: Path) -> None:
    tokenizer = tiny_tokenizer()
    network, again = tiny_network(tokenizer.get_vocab_size()), load(stored)[0]
    spoken = [[Spoken([6, 7, 8, 9], 0, heard=True), Spoken([10, 11], 1, heard=False)]]
    with torch.inference_mode():
        before, after = network(collate(spoken)), again(collate(spoken))
    assert torch.allclose(before.primary, after.primary, atol=0.1 * float(before.primary.abs().max()))
    assert not torch.equal(before.primary, after.primary)
    save(again, tokenizer, stored.parent / "again")
    assert (stored.parent / "again" / "model.safetensors").read_bytes() == (stored / "model.safetensors").read_bytes()


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", [None, "", "{}", '{"encoder": {"vocabulary": 3, "colour": "red"}}'])
def test_a_folder_that_holds_no_model_is_refused_plainly(
    stored: Path, tmp_path: Path, missing: str, content: str | None
) -> None:
    for name in {"config.json", "tokenizer.json", "model.safetensors"} - {missing}:
        (tmp_path / name).write_bytes((stored / name).read_bytes())
    if content is not None:
        (tmp_path / missing).write_text(content, encoding="utf-8")
    with pytest.raises(BadSetting, match="no stored encoder"):
        EncoderModel.from_folder(tmp_path)


def test_weights_of_another_shape_are_refused_plainly(stored: Path, tmp_path: Path) -> None:
    for path in stored.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    told = json.loads((stored / "config.json").read_text(encoding="utf-8"))
    told["encoder"]["hidden"] = 48
    (tmp_path / "config.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadSetting, match="no stored encoder"):
        EncoderModel.from_folder(tmp_path)
