"""The letters as files: a page as PDF and beside it what is known of the version, zones included."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.sample.company import (
    BANKGIRO,
    BUSINESS_FACE_FROM,
    CONSUMER_FACE_FROM,
    LEGAL_NAME,
    REMINDER_FACE_FROM,
)
from ingest.sample.letters import collection_1, invoice_a, invoice_b, invoice_c, reminder_1, reminder_2
from ingest.sample.letters.sheet import Sheet
from models.values import DocumentType, PaymentMethod, TemplateVersion

BANK = (PaymentMethod.BANK_TRANSFER, PaymentMethod.E_INVOICE, PaymentMethod.DIRECT_DEBIT)


@dataclass(frozen=True)
class Page:
    """A letter's drawing and what its version is in use for."""

    draw: Callable[[Sheet], None]
    version: TemplateVersion


PAGES = (
    Page(
        invoice_a.draw,
        TemplateVersion(
            name="invoice-a",
            document_type=DocumentType.INVOICE,
            valid_from=date(2024, 3, 1),
            payee_account=BANKGIRO,
            payment_methods=(*BANK, PaymentMethod.GIRO_SLIP),
            sender=LEGAL_NAME,
            note="Den gamla fakturan med inbetalningskort.",
        ),
    ),
    Page(
        invoice_b.draw,
        TemplateVersion(
            name="invoice-b",
            document_type=DocumentType.INVOICE,
            valid_from=CONSUMER_FACE_FROM,
            payee_account=BANKGIRO,
            payment_methods=(*BANK, PaymentMethod.SWISH),
            sender=LEGAL_NAME,
            segment="consumer",
            note="Ny formgivning för hälften av hushållen: belopp och kod först, betaluppgifterna i det finstilta.",
        ),
    ),
    Page(
        invoice_c.draw,
        TemplateVersion(
            name="invoice-c",
            document_type=DocumentType.INVOICE,
            valid_from=BUSINESS_FACE_FROM,
            payee_account=BANKGIRO,
            payment_methods=BANK,
            sender=LEGAL_NAME,
            segment="business",
            note="Företagsfakturan, med betaluppgifterna i en spalt.",
        ),
    ),
    Page(
        reminder_1.draw,
        TemplateVersion(
            name="reminder-1",
            document_type=DocumentType.REMINDER,
            valid_from=date(2023, 1, 1),
            valid_to=REMINDER_FACE_FROM - timedelta(days=1),
            payee_account=BANKGIRO,
            payment_methods=BANK,
            sender=LEGAL_NAME,
            note="Den formella påminnelsen.",
        ),
    ),
    Page(
        reminder_2.draw,
        TemplateVersion(
            name="reminder-2",
            document_type=DocumentType.REMINDER,
            valid_from=REMINDER_FACE_FROM,
            payee_account=BANKGIRO,
            payment_methods=(*BANK, PaymentMethod.SWISH),
            sender=LEGAL_NAME,
            note="Påminnelsen i vänlig ton: varför, hur mycket och vad man kan göra.",
        ),
    ),
    Page(
        collection_1.draw,
        TemplateVersion(
            name="collection-1",
            document_type=DocumentType.COLLECTION_NOTICE,
            valid_from=date(2023, 1, 1),
            payee_account=collection_1.AGENT_GIRO,
            payment_methods=(PaymentMethod.BANK_TRANSFER,),
            sender=collection_1.AGENT,
            note="Inkassokrav genom ombud.",
        ),
    ),
)


def write_pages(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        name = page.version.name
        sheet = Sheet(name)
        page.draw(sheet)
        (folder / f"{name}.pdf").write_bytes(sheet.pdf())
        version = page.version.model_copy(update={"zones": tuple(sheet.zones)})
        bundle = version.model_dump(mode="json", exclude={"pages"}, exclude_none=True) | {"layout": f"{name}.pdf"}
        text = json.dumps(bundle, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
