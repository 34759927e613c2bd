"""What training promises: it can be repeated, it fits what is used later, and it says what is wrong with data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classify.conversations import customers
from classify.tagger import load_tagger
from classify.training import train
from classify.training.build import PADDED_WITH, pad, small_talk
from classify.training.corpus import hide, read_conversations, read_utterances
from classify.training.fit_turns import PENALTY, Design, fit_machines, fit_turns, targets, turns_of
from classify.training.fit_whole import PENALTY as WHOLE_PENALTY
from classify.training.fit_whole import Wholes, fit_whole
from classify.training.fit_words import fit_words
from classify.turns import COLUMNS, TurnModel
from classify.whole import MOST, WholeModel
from models.errors import BadInput, BadSetting
from models.speech import Speaker
from models.values import Turn


def test_the_same_data_gives_the_same_weights_and_a_working_tagger(few: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    for name in ("first", "second"):
        train(few, tmp_path / name, lambda stage, share: stages.append(stage))
    first, second = ({p.relative_to(tmp_path / n): p for p in (tmp_path / n).rglob("*.*")} for n in ("first", "second"))
    assert first.keys() == second.keys()
    assert {path.suffix for path in first} == {".npz", ".json", ".safetensors"}
    for name, path in first.items():
        if path.suffix == ".npz":  # an archive holds the time of its making
            with np.load(path) as one, np.load(second[name]) as other:
                assert sorted(one.files) == sorted(other.files)
                assert all(np.array_equal(one[array], other[array]) for array in one.files)
        else:
            assert path.read_bytes() == second[name].read_bytes()
    assert stages[-1] == "done"
    tagger = load_tagger("fast", tmp_path / "first")
    conversations = [labelled.conversation for labelled in read_conversations(few / "train")]
    assert len(tagger.tag(conversations)) == len(conversations)


def test_a_turn_is_scored_in_use_exactly_as_it_was_while_learning(few: Path) -> None:
    said = read_utterances(few / "utterances")
    said += [turn for labelled in read_conversations(few / "train") for turn in turns_of(labelled)]
    texts = [turn.text for turn in said]
    tokenizer = fit_words(texts)
    design = Design(texts, tokenizer)
    arrays = fit_turns(design, targets(said), np.ones(len(said), dtype=bool))
    weights, bias = fit_machines(design.rows, targets(said), PENALTY)
    assert np.allclose(TurnModel(arrays, tokenizer).score(texts).turns, design.rows @ weights + bias, atol=0.02)


def test_a_whole_conversation_is_scored_in_use_exactly_as_it_was_while_learning(few: Path) -> None:
    messages, labelled = read_utterances(few / "utterances"), read_conversations(few / "train")
    said = messages + [turn for one in labelled for turn in turns_of(one)]
    texts = [one.text for one in said]
    tokenizer = fit_words(texts)
    wholes = Wholes(Design(texts, tokenizer), labelled, messages)
    everything = np.ones(len(wholes.origin), dtype=bool)
    model = TurnModel(fit_turns(wholes.design, targets(said), np.ones(len(said), dtype=bool)), tokenizer)
    conversations = [one.conversation.turns for one in labelled]
    roleless = [[Turn(speaker=Speaker.UNKNOWN, text=turn.text) for turn in turns] for turns in conversations]
    alone = [[Turn(speaker=Speaker.CUSTOMER, text=messages[-1 - place].text)] for place in wholes.origin if place < 0]
    heard = [*conversations, *roleless, *alone]
    scores = model.score([turn.text for turns in heard for turn in turns])
    own, counts = customers(heard)
    found = WholeModel(fit_whole(wholes, everything)).score(scores, own, counts)
    weights, bias = fit_machines(wholes.rows, wholes.true, WHOLE_PENALTY, wholes.weight)
    read_whole = np.add.reduceat(own, np.cumsum(counts) - counts, dtype=np.int64) <= MOST  # of others a part is read
    assert not own.all()
    assert not read_whole.all()
    assert np.allclose(found[read_whole], (wholes.rows @ weights + bias)[read_whole], atol=0.05)


def test_the_words_scores_add_up_to_the_turns_score(few: Path) -> None:
    said = read_utterances(few / "utterances")
    texts = [turn.text for turn in said]
    tokenizer = fit_words(texts)
    model = TurnModel(fit_turns(Design(texts, tokenizer), targets(said), np.ones(len(said), dtype=bool)), tokenizer)
    scores = model.score(texts[:1])
    added = np.array([scores.words(np.array([0]), np.array([column])).sum() for column in range(COLUMNS)])
    beyond = scores.turns[0] - model.bias
    length = added[0] / beyond[0]
    assert length > 1
    assert np.allclose(added / length, beyond, atol=1e-4)


def test_small_talk_put_into_a_conversation_leaves_its_own_turns_in_order(few: Path) -> None:
    conversations = read_conversations(few / "train")
    said = [turn for labelled in conversations for turn in turns_of(labelled)]
    texts = [turn.text for turn in said]
    tokenizer = fit_words(texts)
    model = TurnModel(fit_turns(Design(texts, tokenizer), targets(said), np.ones(len(said), dtype=bool)), tokenizer)
    talk = small_talk(model, conversations)
    assert talk
    for seed, labelled in enumerate(conversations):
        turns = list(labelled.conversation.turns)
        padded = pad(turns, talk, seed)
        remaining = iter(padded)
        assert all(turn in remaining for turn in turns)
        assert padded[0] == turns[0]
        assert 2 <= len(padded) - len(turns) <= PADDED_WITH
        assert padded == pad(turns, talk, seed)


def test_nothing_is_put_in_where_there_is_no_small_talk() -> None:
    turns = [Turn(speaker=Speaker.CUSTOMER, text="Where is my invoice?")]
    assert pad(turns, [], 0) == turns


def test_personal_data_is_hidden_before_learning() -> None:
    pii = [{"text": "Ada", "type": "person"}, {"text": "Ada Vinter", "type": "person"}]
    assert hide("It is Ada Vinter, just Ada.", pii) == "It is [PERSON], just [PERSON]."


@pytest.mark.parametrize("broken", ['{"text"', '{"text": "a"}', '{"text": "a", "reasons": ["gossip"], "features": []}'])
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    lines = f'{{"text": "a", "reasons": [], "features": []}}\n{broken}\n'
    (tmp_path / "en.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(BadInput, match=r"en\.jsonl, line 2"):
        read_utterances(tmp_path)


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"no \.jsonl files"):
        train(tmp_path, tmp_path / "weights", lambda stage, share: None)
