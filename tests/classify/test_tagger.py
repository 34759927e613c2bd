"""What the tagger promises, asked of the weights that ship."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from classify.cascade import Cascade
from classify.tagger import UNCERTAIN_BELOW, WEIGHTS, Tagger, load_tagger
from models.errors import BadSetting
from models.speech import Speaker
from models.tags import Tagging
from models.taxonomy import STEP_OF_REASON, Reason
from models.values import Conversation, Turn

PHONE_CALL = (
    (Speaker.AGENT, "Welcome to customer service, how can I help you?"),
    (Speaker.CUSTOMER, "Hello there, can you hear me all right?"),
    (Speaker.AGENT, "Loud and clear."),
    (Speaker.CUSTOMER, "I never got the invoice for March, nothing has come in the post at all."),
    (Speaker.AGENT, "I can see that we sent it. By the way, would you like direct debit?"),
    (Speaker.CUSTOMER, "No thank you, I just want the bill."),
)
EVERY_LANGUAGE = {
    "sv": "Jag har fått en påminnelse fast jag redan har betalat fakturan.",
    "nb": "Jeg har fått en purring selv om jeg allerede har betalt fakturaen.",
    "da": "Jeg har fået en rykker, selv om jeg allerede har betalt regningen.",
    "fi": "Sain maksumuistutuksen, vaikka olen jo maksanut laskun.",
    "en": "I got a reminder although I have already paid the invoice.",
}


@pytest.fixture(scope="module", params=["fast", "full", "cascade"])
def tagger(request: pytest.FixtureRequest) -> Tagger:
    return load_tagger(request.param)


@pytest.fixture(scope="module")
def fast() -> Tagger:
    return load_tagger("fast")


def conversation(turns: Sequence[tuple[Speaker, str]], language: str | None = "en") -> Conversation:
    return Conversation(id="c", turns=tuple(Turn(speaker=s, text=t) for s, t in turns), language=language)


def message(text: str, language: str | None = "en") -> Conversation:
    return conversation([(Speaker.CUSTOMER, text)], language)


def test_a_call_gets_its_reason_its_step_and_the_turn_that_shows_it(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([conversation(PHONE_CALL)])
    assert tagging.primary == Reason.INVOICE_NOT_RECEIVED
    assert tagging.step == STEP_OF_REASON[Reason.INVOICE_NOT_RECEIVED]
    assert tagging.reasons[0].evidence[0].turn == 3


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_a_single_message_is_understood_in_every_language(tagger: Tagger, language: str) -> None:
    (tagging,) = tagger.tag([message(EVERY_LANGUAGE[language], language=None)])
    assert tagging.language == language
    assert {tag.id for tag in tagging.reasons} <= {Reason.REMINDER_RECEIVED, Reason.PAYMENT_NOT_REGISTERED}


def test_evidence_is_the_customers_own_words_and_never_the_agents(tagger: Tagger) -> None:
    call = conversation(PHONE_CALL)
    (tagging,) = tagger.tag([call])
    finds = [find for tag in tagging.reasons for find in tag.evidence]
    finds += [find for tag in tagging.features for find in tag.evidence]
    assert finds
    for find in finds:
        assert call.turns[find.turn].speaker == Speaker.CUSTOMER
        assert call.turns[find.turn].text[find.start : find.end].strip()
        assert len(find.because) < 60


def test_every_reason_has_a_probability_and_the_primary_one_comes_first(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([message(EVERY_LANGUAGE["en"])])
    assert set(tagging.probabilities) == set(Reason)
    assert tagging.reasons[0].id == tagging.primary
    assert tagging.reasons[0].confidence == tagging.confidence


def test_the_same_words_get_the_same_tags_whatever_stands_beside_them(tagger: Tagger) -> None:
    call = conversation(PHONE_CALL)
    others = [message(text, language) for language, text in EVERY_LANGUAGE.items()]
    (alone,) = tagger.tag([call])
    among = tagger.tag([*others, call, *others, call])
    assert among[len(others)] == alone == among[-1]


def test_many_conversations_come_back_one_for_one_in_order(fast: Tagger) -> None:
    calls = [conversation(PHONE_CALL), message(""), message(EVERY_LANGUAGE["fi"], "fi")]
    empty, *others = fast.tag([message(""), *calls])
    assert fast.tag([message(""), *calls * 900]) == [empty, *others * 900]


def test_nothing_to_tag_gives_nothing(tagger: Tagger) -> None:
    assert tagger.tag([]) == []


@pytest.mark.parametrize("text", ["", "   ", "…"])
def test_an_empty_text_is_not_billing_and_says_that_it_is_uncertain(tagger: Tagger, text: str) -> None:
    (tagging,) = tagger.tag([message(text)])
    assert tagging.primary == Reason.NOT_BILLING
    assert tagging.confidence < 0.1
    assert tagging.uncertain
    assert tagging.runner_up not in (None, Reason.NOT_BILLING)


def test_a_tag_says_that_it_is_uncertain_and_what_came_second_below_the_stated_confidence_alone(fast: Tagger) -> None:
    tags = fast.tag([message(text, language) for language, text in EVERY_LANGUAGE.items()] + [message("Fakturan?")])
    assert {tag.uncertain for tag in tags} == {True, False}
    for tag in tags:
        assert tag.uncertain == (tag.confidence < UNCERTAIN_BELOW)
        assert (tag.runner_up is not None) == tag.uncertain
        assert tag.runner_up != tag.primary


def test_not_billing_stands_alone_without_features_or_step(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([message("Where is my parcel? The tracking has not moved since Monday.")])
    assert tagging.primary == Reason.NOT_BILLING
    assert [tag.id for tag in tagging.reasons] == [Reason.NOT_BILLING]
    assert tagging.features == ()
    assert tagging.step is None


def test_a_conversation_without_roles_is_still_understood(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([conversation([(Speaker.UNKNOWN, text) for _, text in PHONE_CALL])])
    assert tagging.primary == Reason.INVOICE_NOT_RECEIVED


def test_a_conversation_of_the_agent_alone_is_tagged_too(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([conversation([(Speaker.AGENT, "Your invoice for March never reached you.")])])
    assert tagging.primary in Reason


def test_a_three_hour_call_is_tagged_like_any_other(tagger: Tagger) -> None:
    small_talk = [(Speaker.AGENT, "One moment please."), (Speaker.CUSTOMER, "Okay.")] * 2500
    (tagging,) = tagger.tag([conversation([*PHONE_CALL, *small_talk])])
    assert tagging.primary == Reason.INVOICE_NOT_RECEIVED


@pytest.mark.parametrize("repeats", [1, 3, 6, 12])
def test_small_talk_after_the_reason_does_not_hide_it(tagger: Tagger, repeats: int) -> None:
    talk = [(Speaker.AGENT, "I am still looking."), (Speaker.CUSTOMER, "Of course, take your time.")] * repeats
    (tagging,) = tagger.tag([conversation([*PHONE_CALL, *talk])])
    assert tagging.primary == Reason.INVOICE_NOT_RECEIVED


def test_placeholders_keep_evidence_offsets_right(tagger: Tagger) -> None:
    text = "This is [PERSON_1], my OCR [PAYMENT_REFERENCE] was refused by the bank, which reference should I use?"
    (tagging,) = tagger.tag([message(text)])
    assert tagging.primary == Reason.PAYMENT_REFERENCE
    evidence = tagging.reasons[0].evidence[0]
    assert 0 <= evidence.start < evidence.end <= len(text)


def test_a_language_of_none_of_the_five_is_said_and_makes_the_tag_uncertain(tagger: Tagger) -> None:
    german = "Guten Tag, ich habe meine Rechnung für den letzten Monat leider noch nicht erhalten."
    (tagging,) = tagger.tag([message(german, language="de")])
    assert tagging.language == "und"
    assert tagging.uncertain


def test_a_given_language_is_trusted(tagger: Tagger) -> None:
    (tagging,) = tagger.tag([message("faktura", language="nb")])
    assert tagging.language == "nb"


def test_a_folder_without_a_tagger_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=str(tmp_path)):
        load_tagger("fast", tmp_path)
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / "tagger.json").write_text("{}", encoding="utf-8")
    (tmp_path / "fast" / "heads.npz").write_bytes(b"not an archive")
    with pytest.raises(BadSetting, match=str(tmp_path)):
        load_tagger("fast", tmp_path)


def test_all_shipped_weights_together_stay_under_60_megabytes() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.parent.rglob("*") if path.is_file()) < 60_000_000


class Remembers:
    """A tagger that notes what it was asked."""

    version = "remembers"

    def __init__(self, answers: dict[str, Tagging]) -> None:
        self.answers, self.asked = answers, []

    def tag(self, conversations: Sequence[Conversation]) -> list[Tagging]:
        self.asked += [conversation.id for conversation in conversations]
        return [self.answers[conversation.id] for conversation in conversations]


def test_the_cascade_asks_the_full_tagger_where_the_fast_one_is_unsure_and_sooner_of_short_messages() -> None:
    def said(confidence: float, version: str) -> Tagging:
        return Tagging(
            primary=Reason.NOT_BILLING, confidence=confidence, reasons=(), language="sv", model_version=version
        )

    calls = [conversation(PHONE_CALL).model_copy(update={"id": name}) for name in ("sure", "unsure", "edge")]
    messages = [message("").model_copy(update={"id": name}) for name in ("sure message", "message")]
    messages.append(message("a letter " * 50).model_copy(update={"id": "e-mail"}))
    fast = Remembers({"sure": said(0.9, "f"), "unsure": said(0.2, "f"), "edge": said(0.5, "f")})
    fast.answers |= {"sure message": said(0.95, "f"), "message": said(0.9, "f"), "e-mail": said(0.9, "f")}
    full = Remembers({"unsure": said(0.7, "full"), "message": said(0.7, "full")})
    tags = Cascade("c", fast, lambda: full, ask_below=0.5, ask_of_message_below=0.95).tag([*calls, *messages])
    assert full.asked == ["unsure", "message"]
    assert [tag.model_version for tag in tags] == ["f", "full", "f", "f", "full", "f"]


def test_a_cascade_that_is_never_unsure_never_loads_the_full_tagger() -> None:
    def load() -> Tagger:
        raise AssertionError("loaded")

    sure = Tagging(primary=Reason.NOT_BILLING, confidence=1, reasons=(), language="sv", model_version="f")
    cascade = Cascade("c", Remembers({"c": sure}), load, ask_below=0.5, ask_of_message_below=0.95)
    assert cascade.tag([message("")]) == [sure]


def test_the_fast_embedding_is_read_by_sentence_transformers_too(fast: Tagger) -> None:
    from sentence_transformers import SentenceTransformer

    folder = WEIGHTS / "fast"
    text = "I got a reminder although I have already paid the invoice"
    theirs = SentenceTransformer(str(folder), device="cpu").encode(text)
    tokens = fast.model.turns.split([text])
    ours = fast.model.turns.embedding[tokens.token, :-1].mean(axis=0)
    assert len(tokens.token) == len(tokens.encodings[0].ids), "every token of this text tells"
    assert theirs == pytest.approx(ours, abs=0.05)


def test_the_fast_tagger_loads_no_heavy_library() -> None:
    code = (
        "import sys; from classify.tagger import load_tagger; load_tagger('fast');"
        "print(sorted({'torch', 'sklearn', 'scipy', 'spacy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
