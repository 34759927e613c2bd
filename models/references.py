"""Check digits of the references that Nordic invoices are paid by: is a number one, and how is one made.

Each function names its authority. Numbers are strings, for leading zeros and check characters matter.
"""

from __future__ import annotations

import re
from enum import StrEnum

from stdnum import iso11649, luhn

_MOD11_WEIGHTS = (2, 3, 4, 5, 6, 7)
_FINNISH_WEIGHTS = (7, 3, 1)
# Danish card kinds with a payment id, and how long that is.
_FIK_LENGTHS = {"04": 16, "15": 16, "71": 15, "75": 16}
_FIK = re.compile(r"\+?(04|15|71|75)<?(\d{15,16})(?:\+\d{8}<?)?")


class ReferenceScheme(StrEnum):
    """A way to build payment references."""

    OCR = "ocr"
    KID = "kid"
    VIITENUMERO = "viitenumero"
    RF = "rf"
    FIK = "fik"


def normalise_reference(text: str) -> str:
    """The form in which two spellings of one reference are equal: letters and digits, upper case, no leading zeros.

    A creditor reference gives the national reference within it, as Finnish banks do; a whole Danish payment line gives
    its payment id. KID's check character "-" at the end is kept.
    """
    squeezed = re.sub(r"\s", "", text)
    line = _FIK.fullmatch(squeezed) if "<" in squeezed or squeezed.startswith("+") else None
    if line is not None:
        return line.group(2).lstrip("0")
    bare = re.sub(r"[\W_]", "", squeezed).upper()
    if bare.startswith("RF") and iso11649.is_valid(bare):
        return bare[4:].lstrip("0")
    return (bare + ("-" if re.fullmatch(r"\d{3,}-", squeezed) else "")).lstrip("0")


def is_valid_reference(text: str) -> bool:
    """Whether the check digit is right under any scheme. Many a number's is by chance: it helps, never proves."""
    return bool(reference_schemes(text))


def reference_schemes(text: str) -> tuple[ReferenceScheme, ...]:
    """All schemes under which the reference is valid, e.g. OCR and KID for one with a Luhn digit."""
    checks = (
        (ReferenceScheme.OCR, is_ocr),
        (ReferenceScheme.KID, is_kid),
        (ReferenceScheme.VIITENUMERO, is_viitenumero),
        (ReferenceScheme.RF, is_creditor_reference),
        (ReferenceScheme.FIK, is_fik),
    )
    return tuple(scheme for scheme, check in checks if check(text))


def _digits(text: str) -> str:
    """Digits of a number written with spaces or dashes; empty if anything else is in it."""
    squeezed = re.sub(r"[\s\u00a0.-]", "", text)
    return squeezed if squeezed.isascii() and squeezed.isdigit() else ""


def is_ocr(text: str, *, with_length_digit: bool = False) -> bool:
    """Swedish OCR reference, 2-25 digits, the last a Luhn digit; a length digit before it holds the length mod 10.

    Source: Bankgirot, "OCR-referenskontroll", https://www.bankgirot.se
    """
    digits = _digits(text)
    if not 2 <= len(digits) <= 25 or not luhn.is_valid(digits):
        return False
    return not with_length_digit or int(digits[-2]) == len(digits) % 10


def append_ocr_check_digit(number: str, *, with_length_digit: bool = False) -> str:
    """The number with its (length digit and) Luhn digit appended."""
    body = number + str((len(number) + 2) % 10) if with_length_digit else number
    return body + str(luhn.calc_check_digit(body))


def is_kid(text: str) -> bool:
    """Norwegian KID, 2-25 digits: MOD10 (Luhn), or MOD11 where the last character may be "-" for ten.

    Source: Bits, "KID – kundeidentifikasjon", https://www.bits.no
    """
    squeezed = re.sub(r"[\s\u00a0.]", "", text)
    if not re.fullmatch(r"[0-9]{1,24}[0-9-]", squeezed):
        return False
    mod10 = squeezed[-1] != "-" and luhn.is_valid(squeezed)
    return mod10 or _mod11(squeezed[:-1]) == squeezed[-1]


def _mod11(number: str) -> str:
    weighted = sum(int(digit) * _MOD11_WEIGHTS[i % 6] for i, digit in enumerate(reversed(number)))
    check = (11 - weighted % 11) % 11
    return "-" if check == 10 else str(check)


def append_kid_check_digit(number: str, *, mod11: bool = False) -> str:
    """The number with its MOD10 or MOD11 check character appended."""
    return number + (_mod11(number) if mod11 else str(luhn.calc_check_digit(number)))


def is_viitenumero(text: str) -> bool:
    """Finnish reference number, 4-20 digits, weights 7-3-1 from the right.

    Source: Finance Finland, "Kotimaisen viitteen rakenneohje", https://www.finanssiala.fi
    """
    digits = _digits(text).lstrip("0")
    return 4 <= len(digits) <= 20 and _finnish_check(digits[:-1]) == digits[-1]


def _finnish_check(number: str) -> str:
    weighted = sum(int(digit) * _FINNISH_WEIGHTS[i % 3] for i, digit in enumerate(reversed(number)))
    return str(-weighted % 10)


def append_viitenumero_check_digit(number: str) -> str:
    """The number with its 7-3-1 check digit appended."""
    return number + _finnish_check(number)


def is_creditor_reference(text: str) -> bool:
    """RF creditor reference. Source: ISO 11649, https://www.iso.org/standard/50649.html"""
    return iso11649.is_valid(re.sub(r"\s", "", text))


def as_creditor_reference(reference: str) -> str:
    """A reference of at most 21 letters and digits as an RF creditor reference. Raises ValueError for anything else."""
    bare = re.sub(r"\s", "", reference).upper()
    if not re.fullmatch(r"[0-9A-Z]{1,21}", bare):
        raise ValueError("a creditor reference holds 1 to 21 letters and digits")
    remainder = int("".join(str(int(c, 36)) for c in bare + "RF00")) % 97
    return f"RF{98 - remainder:02d}{bare}"


def is_fik(text: str) -> bool:
    """Danish payment id (FIK), bare or within its line ("+71<…+…<"): 15 or 16 digits, the last a Luhn digit.

    Source: Mastercard Payment Services (earlier Nets), "Fælles Indbetalingskort", https://www.mastercardpaymentservices.com
    """
    squeezed = re.sub(r"\s", "", text)
    line = _FIK.fullmatch(squeezed)
    if line is not None and (squeezed.startswith("+") or "<" in squeezed):
        return len(line.group(2)) == _FIK_LENGTHS[line.group(1)] and luhn.is_valid(line.group(2))
    digits = _digits(squeezed)
    return len(digits) in {15, 16} and luhn.is_valid(digits)


def append_fik_check_digit(number: str, *, card: str = "71") -> str:
    """A number padded with zeros to that card's payment id, check digit appended. Raises ValueError if too long."""
    length = _FIK_LENGTHS[card] - 1
    if len(number) > length:
        raise ValueError(f"a payment id on card {card} holds {length} digits and a check digit")
    padded = number.zfill(length)
    return padded + str(luhn.calc_check_digit(padded))
