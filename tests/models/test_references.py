"""Check digits of payment references, against published examples and by making and checking our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import references
from models.references import ReferenceScheme, is_valid_reference, normalise_reference, reference_schemes

NUMBERS = st.text("0123456789", min_size=3, max_size=13)


@pytest.mark.parametrize(
    ("check", "number", "valid"),
    [
        (references.is_ocr, "1234566", True),
        (references.is_ocr, "1234567", False),
        (references.is_ocr, "123 456 6", True),
        (references.is_kid, "1234567897", True),  # MOD10
        (references.is_kid, "12345678903", True),  # MOD11, the check digit of an account number
        (references.is_kid, "12345678904", False),
        (references.is_viitenumero, "1232", True),
        (references.is_viitenumero, "12 34561", True),
        (references.is_viitenumero, "0000 1234561", True),
        (references.is_viitenumero, "1234562", False),
        (references.is_viitenumero, "111", False),
        (references.is_creditor_reference, "RF18 5390 0754 7034", True),
        (references.is_creditor_reference, "RF18 5390 0754 7035", False),
        (references.is_fik, "000000000000018", True),
        (references.is_fik, "+71<000000000000018+12345678<", True),
        (references.is_fik, "+04<000000000000018+12345678<", False),  # card 04 has a digit more
    ],
)
def test_published_and_hand_made_numbers_are_judged_right(check, number, valid):
    assert check(number) is valid


@given(NUMBERS)
def test_what_is_made_is_valid_and_a_changed_digit_is_not(number):
    made = {
        references.is_ocr: references.append_ocr_check_digit(number),
        references.is_viitenumero: references.append_viitenumero_check_digit("1" + number),
        references.is_fik: references.append_fik_check_digit(number),
        references.is_creditor_reference: references.as_creditor_reference(number),
    }
    for check, reference in made.items():
        assert check(reference)
        assert not check(reference[:-1] + str((int(reference[-1]) + 1) % 10))


@given(NUMBERS)
def test_both_norwegian_check_digits_are_accepted(number):
    assert references.is_kid(references.append_kid_check_digit(number))
    assert references.is_kid(references.append_kid_check_digit(number, mod11=True))


def test_a_length_digit_that_is_wrong_is_refused():
    right = references.append_ocr_check_digit("123456", with_length_digit=True)
    assert right[-2] == "8"
    assert references.is_ocr(right, with_length_digit=True)
    assert not references.is_ocr(references.append_ocr_check_digit("1234567"), with_length_digit=True)


@pytest.mark.parametrize(
    "spellings",
    [
        ("4002 8817 0525", "400288170525", " 4002-8817-0525"),
        ("RF18 5390 0754 7034", "rf18539007547034", "539007547034", "0000 5390 0754 7034"),
        ("+71<000000881640275+12345678<", "000000881640275", "881640275"),
        ("INV-20418", "inv 20418"),
        ("1234567-", "0001234567-"),
    ],
)
def test_spellings_of_one_reference_become_equal(spellings):
    assert len({normalise_reference(spelling) for spelling in spellings}) == 1


def test_different_references_stay_different():
    assert normalise_reference("1234567-") != normalise_reference("1234567")
    assert normalise_reference("INV-20418") != normalise_reference("20418")


def test_the_schemes_of_a_reference_are_named():
    assert reference_schemes("RF18 5390 0754 7034") == (ReferenceScheme.RF,)
    assert ReferenceScheme.OCR in reference_schemes("1234566")
    assert not is_valid_reference("hello")
    assert not is_valid_reference("")
    assert not is_valid_reference("-")


def test_a_number_too_long_for_a_payment_id_is_refused():
    with pytest.raises(ValueError, match="14 digits"):
        references.append_fik_check_digit("1" * 15)


@given(st.text(max_size=40))
def test_any_text_can_be_asked_about(text):
    normalise_reference(text)
    is_valid_reference(text)
