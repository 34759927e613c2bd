"""Why a tag was given and why an invoice was linked, in the reader's language.

The phrases that are stored are English and for whoever works on the product; what is not known here is shown as it is.
"""

from __future__ import annotations

from dashboard.language import Texts
from models.tags import Evidence

OF_WORDS = "the words weigh "
"""How the tagger's phrase begins; the rest is the evidence's score and the tag's id."""
LINKS = {
    "the file gives the invoice number": "link.given.invoice_number",
    "the payment reference was said": "link.said.payment_reference",
    "the invoice number was said": "link.said.invoice_number",
    "a payment reference was said; its check digit allows one correction that leads to an invoice": (
        "link.repaired.payment_reference"
    ),
    "the newest letter to this customer, in the week before": "link.newest.week",
    "the newest letter to this customer, in the month before": "link.newest.month",
    "the newest letter to this customer, in the two months before": "link.newest.two_months",
}
"""The phrases of the linking, and the text that says the same."""


def of_words(t: Texts, found: Evidence) -> str:
    known = found.because.startswith(OF_WORDS)
    return t("conversation.because", share=t.percent(found.score)) if known else found.because


def of_link(t: Texts, because: str) -> str:
    return t(LINKS[because]) if because in LINKS else because
