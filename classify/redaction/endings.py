"""Where numbers end of which it is known what they are: said further than a number of unknown kind may go."""

from __future__ import annotations

import re

from classify.redaction.numbers import CHECK_NAMES
from classify.redaction.spoken import digits_of

_CHECK_SAID_BY_NAME = re.compile(rf",? (?:{'|'.join(CHECK_NAMES)})(?![^\W_])", re.IGNORECASE)
# Hundreds and thousands after the digits of a number that is no amount: "fem ett streck tvåhundra sex".
_HUNDREDS = re.compile(
    r" (?:(?:streck|bindestreck|strek|bindestrek|viiva|dash) )?"
    r"([^\W\d_]*(?:hundra|hundre|hundred|sataa|tusen|tuhatta)[^\W\d_]*)"
    r"(?! (?:kr|euro|pound|pund|e\b))"
)
_NEXT_WORD = re.compile(r" ([^\W\d_]+)(?!\w)")


def end_of_reference(text: str, end: int, language: str | None) -> int:
    """Where a number that is known to be a reference ends: hundreds and thousands after it belong to it too."""
    hundreds = _HUNDREDS.match(text, end)
    while hundreds is not None:
        end = hundreds.end()
        hundreds = _HUNDREDS.match(text, end)
        while (word := _NEXT_WORD.match(text, end)) is not None and digits_of(word.group(1).lower(), language):
            end = word.end()
            hundreds = _HUNDREDS.match(text, end)
    return end


def end_of_identity(text: str, end: int) -> int:
    """Where a Finnish identity code ends whose last character may be said by name ("pee")."""
    said = _CHECK_SAID_BY_NAME.match(text, end)
    return said.end() if said is not None else end
