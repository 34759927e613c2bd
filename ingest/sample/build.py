"""Build the sample company's files: ``python -m ingest.sample.build evaluation/data/train``.

The same code and texts give the same bytes. Needs reportlab, which importing the sample does not.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from ingest.sample.bgmax import bgmax
from ingest.sample.camt import camt054
from ingest.sample.company import LAST_DAY, MONTHS, SAMPLE, TRUTH
from ingest.sample.compressed import write_compressed
from ingest.sample.contacts import make_contacts
from ingest.sample.conversations import tell, write_conversations, write_truth
from ingest.sample.customers import make_customers
from ingest.sample.pages import write_pages
from ingest.sample.payments import Paid, make_payments
from ingest.sample.planted import planted_table, refresh
from ingest.sample.register import letters, make_bills, write_register
from ingest.sample.texts import Stock, read_texts
from ingest.sample.ubl import write_ubl

README = Path(__file__).parent / "README.md"
REGISTER = "2-invoices.csv.gz"


def build(texts: Path, folder: Path, truth: Path) -> None:
    """Write everything that is imported into ``folder``, which is emptied first, and the truth beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    customers = make_customers()
    bills = make_bills(customers)
    stock = Stock(read_texts(texts), Random("texts"))
    told = tell(make_contacts(list(letters(bills)), customers, stock))
    write_pages(folder / "1-templates")
    write_register(bills, folder / REGISTER)
    write_ubl(bills, folder / "3-ubl")
    _write_payments(make_payments(bills), folder / "4-payments")
    write_conversations(told, folder / "5-conversations")
    write_truth(told, truth)


def _write_payments(payments: Sequence[Paid], folder: Path) -> None:
    """A file a month from each of the two ways in."""
    serial = 1
    for month in MONTHS:
        written_on = date(2026, month + 1, 1)
        own = [payment for payment in payments if payment.on.month == month and payment.on <= LAST_DAY]
        giro = [payment for payment in own if payment.to_bankgiro]
        bank = [payment for payment in own if not payment.to_bankgiro]
        name = f"2026-{month:02d}"
        write_compressed(folder / f"bgmax-{name}.txt.gz", bgmax(giro, written_on, serial), "iso-8859-1")
        write_compressed(folder / f"camt054-{name}.xml.gz", camt054(bank, written_on))
        serial += len(giro)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, help="folder of the labelled training conversations")
    build(parser.parse_args().texts, SAMPLE, TRUTH)
    refresh(README, planted_table(SAMPLE / REGISTER, TRUTH))


if __name__ == "__main__":
    main()
