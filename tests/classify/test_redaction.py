"""What redaction promises: nothing personal is left, the meaning stays, and linking gets its numbers."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer, kontonr
from stdnum.se import orgnr, personnummer

from classify.redaction.people import People
from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor
from classify.training.redaction import train_names
from models.errors import BadInput
from models.references import append_kid_check_digit, append_ocr_check_digit
from models.speech import Speaker
from models.values import Conversation, PiiKind, Redacted, SaidReference, Turn

NAMED = {
    "sv": (
        "mitt personnummer är {}",
        "Personnr: {}",
        "ja det är {} som är mitt personnummer",
        "Hej, jag heter Anna, {}",
    ),
    "nb": (
        "fødselsnummeret mitt er {}",
        "Fødselsnr. {}",
        "det er {} og jeg er født der",
        "Hilsen Anna, personnummer {}",
    ),
    "da": ("mit cpr er {}", "CPR-nr. {}", "det er cpr {} ja", "Jeg hedder Anna, cpr-nummer {}"),
    "fi": ("henkilötunnukseni on {}", "Hetu: {}", "joo se on {}", "Nimi on Anna ja hetu {}"),
}


@pytest.fixture(scope="module")
def redactor():
    return Redactor.from_folder(REDACTION_WEIGHTS)


def conversation(*texts, language=None, **fields):
    speakers = (Speaker.CUSTOMER, Speaker.AGENT)
    turns = tuple(Turn(speaker=speakers[i % 2], text=text) for i, text in enumerate(texts))
    return Conversation(id="c1", turns=turns, language=language, **fields)


def text_of(redacted: Redacted, turn=0):
    return redacted.conversation.turns[turn].text


def kinds(redacted: Redacted):
    return {find.kind for find in redacted.finds}


def national_ids(language, n=12):
    """Valid made-up identity numbers of people born between 1940 and 2005."""
    dice = random.Random(language)
    while n:
        day, month, year, serial = dice.randint(1, 28), dice.randint(1, 12), dice.randint(40, 99), dice.randint(2, 899)
        born = f"{year}{month:02}{day:02}" if language == "sv" else f"{day:02}{month:02}{year}"
        number = (
            born
            + {"sv": f"-{serial:03}", "nb": f"{serial % 500:03}", "da": f"-{serial:04}", "fi": f"-{serial:03}"}[
                language
            ]
        )
        if language == "sv":
            number += luhn.calc_check_digit(number.replace("-", ""))
        elif language == "fi":
            number += "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number.replace("-", "")) % 31]
        elif language == "nb":
            first = fodselsnummer.calc_check_digit1(number)
            if first == "-":
                continue
            number += first + fodselsnummer.calc_check_digit2(number + first)
        check = {"sv": personnummer, "nb": fodselsnummer, "da": cpr, "fi": hetu}[language]
        if language == "da" or check.is_valid(number):
            n -= 1
            yield number


@pytest.mark.parametrize("language", list(NAMED))
def test_every_valid_identity_number_is_hidden_in_any_sentence(redactor, language):
    for number in national_ids(language):
        spellings = {
            number,
            number.replace("-", " " if language != "fi" else "-"),
            number.replace("-", "") if language != "fi" else number,
        }
        for sentence in NAMED[language]:
            for spelling in spellings:
                result = redactor.redact(conversation(sentence.format(spelling), language=language))
                assert text_of(result) == text_of(result).replace(spelling, "")
                assert PiiKind.NATIONAL_ID in kinds(result)


def test_a_danish_cpr_without_a_right_checksum_is_one_all_the_same(redactor):
    assert (
        sum(int(digit) * weight for digit, weight in zip("0101801234", (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
        % 11
    )
    assert text_of(redactor.redact(conversation("det er 010180-1234 ja", language="da"))) == "det er [NATIONAL_ID] ja"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "mitt personnummer är åttiåtta tolv noll tre femtiett sjuttioåtta"),
        ("nb", "fødselsnummeret er null ni null fire syv åtte fire fire ni en tre"),
        ("da", "mit cpr er to fire nul fem ni et fjorten femten"),
        ("fi", "henkilötunnus on nolla yks nolla viis kaheksan kaks a kolme yks yheksän kaks"),
    ],
)
def test_identity_numbers_in_words_are_hidden(redactor, language, said):
    redacted = text_of(redactor.redact(conversation(said, language=language)))
    assert "[NATIONAL_ID]" in redacted
    assert not set(redacted.split()) & {"noll", "null", "nul", "nolla", "åttiåtta", "fire", "kaheksan"}


def test_companies_readings_dates_and_amounts_are_no_persons_numbers(redactor):
    company = "556012-5790"
    assert orgnr.is_valid(company)
    for text, language in (
        (f"vårt organisationsnummer är {company}", "sv"),
        ("mätarställningen är 48210 den 14 mars", "sv"),
        ("fakturan på 2 450 kr förföll 2026-03-31", "sv"),
        ("måleren viser 31 882 og regningen er på 11 480 kroner", "nb"),
        ("det kostede 1.299,50 kr den 15/11", "da"),
        ("lasku oli 212,40 € ja lukema 88 214", "fi"),
        ("Y-tunnus 3124567-8", "fi"),
        ("the meter reads 42,816 and you want £1,184.00 by 30 April", "en"),
    ):
        result = redactor.redact(conversation(text, language=language))
        assert PiiKind.NATIONAL_ID not in kinds(result), text
        if "nummer" not in text:
            assert text_of(result) == text


def test_accounts_and_references_are_not_taken_for_a_persons_number(redactor):
    bankgiro = "555123" + luhn.calc_check_digit("555123")
    account = "97104133219"
    assert kontonr.is_valid(account)
    for text, language, kind in (
        (f"betala till bankgiro {bankgiro[:3]}-{bankgiro[3:]}", "sv", PiiKind.ACCOUNT),
        (f"OCR {append_ocr_check_digit('400288170')}", "sv", PiiKind.PAYMENT_REFERENCE),
        (f"KID {append_kid_check_digit('1033041775')}", "nb", PiiKind.PAYMENT_REFERENCE),
        (f"pengene er trukket fra konto {account}", "nb", PiiKind.ACCOUNT),
    ):
        assert kinds(redactor.redact(conversation(text, language=language))) == {kind}, text


def test_the_same_person_keeps_the_same_number(redactor):
    result = redactor.redact(
        conversation(
            "hej jag heter Bertil Lundmark",
            "Hej Bertil, jag heter Karin",
            "tack Karin",
            "Varsågod Bertil",
            language="sv",
        )
    )
    assert text_of(result) == "hej jag heter [PERSON_1]"
    assert text_of(result, 1) == "Hej [PERSON_1], jag heter [PERSON_2]"
    assert (text_of(result, 2), text_of(result, 3)) == ("tack [PERSON_2]", "Varsågod [PERSON_1]")


def test_a_fuller_name_joins_the_short_one_and_others_stay_apart():
    people = People()
    for name in ("Bertil", "Karin", "Bertil Lundmark", "lundmark"):
        people.meet(name)
    assert [people.number(name) for name in ("Lundmark", "karins", "Bertil")] == [1, 2, 1]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("skriv till lisa.berg@post.example tack", "sv", "skriv till [EMAIL] tack"),
        ("det är lisa punkt berg snabel a post punkt se", "sv", "det är [EMAIL]"),
        ("ring mig på 070-123 45 67", "sv", "ring mig på [PHONE]"),
        ("mobilen min er +47 400 12 345", "nb", "mobilen min er [PHONE]"),
        ("jeg bor i Storgata 91 B", "nb", "jeg bor i [ADDRESS]"),
        ("tilille FI21 1234 5600 0007 85 kiitos", "fi", "tilille [ACCOUNT] kiitos"),
        ("my card is 4111 1111 1111 1111", "en", "my card is [CARD]"),
        ("my card is **** 9034", "en", "my card is [CARD]"),
    ],
)
def test_contacts_accounts_and_cards_get_their_own_placeholder(redactor, text, language, expected):
    assert text_of(redactor.redact(conversation(text, language=language))) == expected


@pytest.mark.parametrize(
    ("texts", "language", "value"),
    [
        (("vad är ditt kundnummer", "det är tre tre sju fem noll"), "sv", "33750"),
        (("mikä asiakasnumero", "se on nolla kaks viis seiska neljä neljä"), "fi", "025744"),
        (("hvad er dit kundenummer", "det er to nul syv syv fire en otte"), "da", "2077418"),
        (("kundenummeret ditt", "to null åtte seks fire ni"), "nb", "208649"),
        (("your customer number please", "it's three oh seven double eight two"), "en", "307882"),
        (("kundnumret", "dubbel nolla sju femtitre sjutton"), "sv", "0075317"),
        (("mikä on asiakasnumero", "kakskytkuus seittemän nolla ysi"), "fi", "26709"),
        (("hvad er dit kundenummer", "femogfirs toogtyve nul ni"), "da", "852209"),
    ],
)
def test_numbers_said_digit_by_digit_become_references(redactor, texts, language, value):
    result = redactor.redact(conversation(*texts, language=language))
    assert [reference.value for reference in result.references] == [value]
    assert text_of(result, 1).count("[") == 1


def test_a_reference_read_out_over_several_turns_is_put_together(redactor):
    result = redactor.redact(
        conversation("hvad er KID", "null null fire en", "ja", "ni syv syv to", "mm", "seks åtte tre", language="nb")
    )
    assert result.references == (
        SaidReference(kind=PiiKind.PAYMENT_REFERENCE, value="0041977268 3".replace(" ", ""), turn=5),
    )


def test_numbers_that_the_file_gives_move_out_of_the_conversation(redactor):
    result = redactor.redact(
        conversation(
            "hej det gäller 40-177", language="sv", customer_number="40-177", invoice_number="F 881", queue="billing"
        )
    )
    assert (result.conversation.customer_number, result.conversation.invoice_number) == (None, None)
    assert (result.conversation.id, result.conversation.queue) == ("c1", "billing")
    assert SaidReference(kind=PiiKind.CUSTOMER_NUMBER, value="40177", turn=0) in result.references
    assert SaidReference(kind=PiiKind.INVOICE_NUMBER, value="F881", turn=0) in result.references
    assert text_of(result) == "hej det gäller [CUSTOMER_NUMBER]"


def test_each_find_says_what_where_how_sure_and_why(redactor):
    text = "hej jag heter Bertil Lundmark, ring 070-123 45 67"
    result = redactor.redact(conversation(text, language="sv"))
    assert {text[find.start : find.end]: find.kind for find in result.finds} == {
        "Bertil Lundmark": PiiKind.PERSON,
        "070-123 45 67": PiiKind.PHONE,
    }
    assert all(find.score > 0.3 and find.because and "Bertil" not in find.because for find in result.finds)


def test_many_at_once_come_out_as_one_by_one(redactor):
    several = [
        conversation("hei täällä Pirjo Virtanen", language="fi"),
        conversation("hello", "hi", "this is Niamh Doyle"),
        conversation("", "ok"),
    ]
    assert redactor.redact_many(several) == [redactor.redact(one) for one in several]


def test_a_conversation_of_thousands_of_words_in_one_turn_is_read_to_its_end(redactor):
    text = "jag förstår inte fakturan " * 1500 + "hälsningar Bertil Lundmark"
    assert text_of(redactor.redact(conversation(text, language="sv"))).endswith("fakturan hälsningar [PERSON_1]")


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(max_size=80), min_size=1, max_size=5),
    language=st.sampled_from([None, "sv", "nb", "da", "fi", "en"]),
)
def test_any_text_comes_out_with_as_many_turns(redactor, texts, language):
    given_conversation = conversation(*texts, language=language)
    result = redactor.redact(given_conversation)
    assert len(result.conversation.turns) == len(texts)
    for before, after in zip(given_conversation.turns, result.conversation.turns, strict=True):
        assert before.speaker == after.speaker
    for find in result.finds:
        assert 0 <= find.start < find.end <= len(texts[find.turn])


def test_a_folder_without_weights_is_refused_in_plain_words(tmp_path):
    with pytest.raises(BadInput, match="no trained recogniser"):
        Redactor.from_folder(tmp_path)


def test_importing_redaction_does_not_import_the_machine_learning():
    code = "import sys, classify.redaction.redactor; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


READ = (
    "from classify.redaction.redactor import REDACTION_WEIGHTS, Redactor\n"
    "from models.speech import Speaker\n"
    "from models.values import Conversation, Turn\n"
    "turns = (Turn(speaker=Speaker.CUSTOMER, text='hej jag heter Bertil Lundmark'),)\n"
    "redacted = Redactor.from_folder(REDACTION_WEIGHTS).redact(Conversation(id='1', turns=turns))\n"
    "text = redacted.conversation.turns[0].text\n"
    "assert text == 'hej jag heter [PERSON_1]', text\n"
)
TORCH = "import torch\nassert torch.ones(2).sum() == 2\n"


@pytest.mark.parametrize(
    "code",
    [
        READ + "import sys\nassert 'torch' not in sys.modules\n" + TORCH,
        TORCH + READ,
        f"from threading import Thread\nother = Thread(target=exec, args=({TORCH!r}, {{}}))\nother.start()\n"
        f"{READ}other.join()\n{TORCH}",
    ],
    ids=["after", "before", "meanwhile in another thread"],
)
def test_torch_can_be_imported_before_redaction_after_it_and_meanwhile(code):
    ran = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2], capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_the_same_data_trains_the_same_recogniser(tmp_path):
    row = {
        "turns": [
            {"speaker": "agent", "text": "kundtjänst anna"},
            {"speaker": "customer", "text": "hej jag heter bo ek"},
        ],
        "gold": {"pii": [{"text": "anna", "type": "person"}, {"text": "bo ek", "type": "person"}]},
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.jsonl").write_text(f"{json.dumps(row)}\n" * 3, encoding="utf-8")
    shares: list[float] = []
    for name in ("first", "second"):
        train_names(tmp_path / "data", tmp_path / name, lambda step, share: shares.append(share))
        Redactor.from_folder(tmp_path / name).redact(conversation("hej"))
    first, second = (tmp_path / name / "tagger" / "model" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert shares[-1] == 1


def test_training_on_nothing_is_refused_in_plain_words(tmp_path):
    with pytest.raises(BadInput, match="no labelled conversation"):
        train_names(tmp_path, tmp_path / "weights", lambda step, share: None)
