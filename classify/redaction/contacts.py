"""E-mail addresses, written and spelled out ("lisa punkt berg snabel a mejl punkt se")."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_DOT = r"(?:punkt|punktum|piste|dot|prikk|\.)"
_AT = r"(?:snabel ?-?a|krøll ?alfa|alfakrøll|miuku ?mauku|ät|ät ?merkki|kissanhäntä|at|att)"
_TLD = r"(?:com|se|no|nu|dk|fi|net|org|eu|ie|uk|co|de|pl|io|info|example|wales|fee ii|än oo)"
_SPOKEN_AT = re.compile(rf" {_AT} ", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"(?<![\w.-])(?:[\w-]+ (?=\w ))?(?:\w (?=[\w-]+ {_AT}\b))?(?:[\w.-]+ (?:{_DOT}|underscore|understreck|"
    rf"bindestreck|alaviiva) )*(?:[\w.-]+(?: \d+)?) "
    rf"{_AT} [\w-]+(?: [\w-]+){{0,2}}?(?: {_DOT} [\w-]+){{0,2}}? {_DOT} {_TLD}(?: {_DOT} {_TLD})?(?!\w)",
    re.IGNORECASE,
)

_IBAN = re.compile(
    r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)|"
    r"(?<!\w)[a-z]{2}\d{2}(?: \d{4}){3,6}(?: \d{1,4})?(?!\w)"
)


def emails(text: str) -> list[tuple[int, int]]:
    """Spans of e-mail addresses in a text."""
    found = [match.span() for match in _WRITTEN.finditer(text)] if "@" in text else []
    if _SPOKEN_AT.search(text) is not None:
        found += [match.span() for match in _SPOKEN.finditer(text)]
    return found


def ibans(text: str) -> list[tuple[int, int]]:
    """Spans that have the shape of an IBAN (ISO 13616), whether or not its check digits are right."""
    return [
        m.span()
        for m in _IBAN.finditer(text)
        if m.group()[:2].upper() != "RF" and sum(c.isdigit() for c in m.group()) >= 10
    ]
