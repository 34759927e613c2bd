"""What the sample company's files promise: that they are what the code makes, and that the effects are in them."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree
from scipy.stats import binomtest
from stdnum import luhn

from ingest.sample.build import README, REGISTER, build
from ingest.sample.company import SAMPLE, TRUTH
from ingest.sample.compressed import read_compressed
from ingest.sample.planted import planted_table
from models.taxonomy import Feature, Reason
from models.values import DocumentType, TemplateVersion

DATA = Path(__file__).parents[2] / "evaluation" / "data"
LANGUAGES = {"sv", "nb", "da", "fi", "en"}
CHANGES = 4


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(read_compressed(path).splitlines()))


@pytest.fixture(scope="module")
def register() -> list[list[dict[str, str]]]:
    """The register's rows by invoice."""
    invoices: list[list[dict[str, str]]] = []
    for row in _rows(SAMPLE / REGISTER):
        if not invoices or invoices[-1][0]["number"] != row["number"]:
            invoices.append([])
        invoices[-1].append(row)
    return invoices


@pytest.fixture(scope="module")
def conversations() -> list[dict[str, Any]]:
    paths = sorted((SAMPLE / "5-conversations").glob("*.jsonl.gz"))
    return [json.loads(line) for path in paths for line in read_compressed(path).splitlines()]


@pytest.fixture(scope="module")
def bundles() -> list[tuple[Path, TemplateVersion]]:
    paths = sorted((SAMPLE / "1-templates").glob("*.json"))
    return [(path, TemplateVersion.model_validate_json(path.read_bytes())) for path in paths]


@pytest.fixture(scope="module")
def payments() -> Iterator[list[str]]:
    """The payment records of all BgMax files."""
    paths = sorted((SAMPLE / "4-payments").glob("bgmax-*.txt.gz"))
    yield [line for path in paths for line in read_compressed(path, "iso-8859-1").splitlines()]


def test_building_again_makes_the_very_files_that_ship(tmp_path: Path) -> None:
    build(DATA / "train", tmp_path / "files", tmp_path / "truth.csv.gz")
    again, shipped = _bytes(tmp_path / "files"), _bytes(SAMPLE)
    assert [name for name in again.keys() | shipped.keys() if again.get(name) != shipped.get(name)] == []
    assert (tmp_path / "truth.csv.gz").read_bytes() == TRUTH.read_bytes()


def test_it_is_as_large_as_promised_and_no_larger(
    register: list[list[dict[str, str]]], conversations: list[dict[str, Any]]
) -> None:
    assert len(register) >= 20_000
    assert len({invoice[0]["number"] for invoice in register}) == len(register)
    assert len(conversations) >= 1_500
    assert {one["language"] for one in conversations} == LANGUAGES
    assert len(list((SAMPLE / "3-ubl").iterdir())) == 300
    assert sum(len(content) for content in _bytes(SAMPLE).values()) < 15_000_000


def test_every_ocr_number_has_its_length_and_check_digit(register: list[list[dict[str, str]]]) -> None:
    references = [invoice[0]["payment_reference"] for invoice in register]
    assert len(set(references)) == len(references)
    assert all(luhn.is_valid(reference) and int(reference[-2]) == len(reference) % 10 for reference in references)


def test_amounts_are_the_lines_and_a_quarter_of_them_as_tax(register: list[list[dict[str, str]]]) -> None:
    for invoice in register:
        net = sum(Decimal(line["line_amount"]) for line in invoice)
        assert net > 0
        assert abs(Decimal(invoice[0]["amount"]) - net * Decimal("1.25")) <= Decimal("0.005")


def test_an_invoice_lives_forwards(register: list[list[dict[str, str]]]) -> None:
    for head, *_ in register:
        steps = [head[name] for name in ("issued_on", "reminded_on", "collected_on") if head[name]]
        assert all(date.fromisoformat(one) < date.fromisoformat(other) for one, other in pairwise(steps))
        assert not (head["collected_on"] and not head["reminded_on"])
        assert not head["paid_on"] or head["paid_on"] > steps[-1]
        assert bool(head["reminder_version"]) == bool(head["reminded_on"])


def test_conversations_happen_in_office_hours_of_the_four_months(conversations: list[dict[str, Any]]) -> None:
    for one in conversations:
        began = datetime.fromisoformat(one["started_at"])
        assert began.tzinfo is not None
        assert datetime(2026, 7, 1, tzinfo=UTC) <= began < datetime(2026, 11, 1, tzinfo=UTC)
        assert one["channel"] != "phone" or (began.weekday() < 5 and 6 <= began.hour <= 17)
        assert one["handling_seconds"] >= 45


def test_about_one_in_six_contacts_is_not_about_billing() -> None:
    reasons = Counter(row["reason"] for row in _rows(TRUTH))
    assert 0.15 <= reasons["not_billing"] / reasons.total() <= 0.20


def test_every_text_is_a_training_text_and_none_of_dev_is_in_it(conversations: list[dict[str, Any]]) -> None:
    dev = {turn["text"] for path in (DATA / "dev").glob("*.jsonl") for turn in _turns(path) if len(turn["text"]) > 40}
    assert not dev & {turn["text"] for one in conversations for turn in one["turns"]}
    train = {line["id"]: line for path in (DATA / "train").glob("*.jsonl") for line in _lines(path)}
    truth = {row["id"]: row for row in _rows(TRUTH)}
    assert [one["id"] for one in conversations] == list(truth)
    for one in conversations:
        text = train[truth[one["id"]]["text"]]
        assert truth[one["id"]]["reason"] == text["gold"]["primary"]
        assert [turn["speaker"] for turn in one["turns"]] == [turn["speaker"] for turn in text["turns"]]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _turns(path: Path) -> Iterator[dict[str, str]]:
    for line in _lines(path):
        yield from line["turns"]


def test_a_contact_about_a_letter_comes_after_it_and_before_the_customers_next_one(
    register: list[list[dict[str, str]]], conversations: list[dict[str, Any]]
) -> None:
    customer_of = {invoice[0]["number"]: invoice[0]["customer_number"] for invoice in register}
    letters: dict[str, list[str]] = defaultdict(list)
    for head, *_ in register:
        dates = (head["issued_on"], head["reminded_on"], head["collected_on"])
        letters[head["customer_number"]] += [day for day in dates if day]
    began = {one["id"]: one["started_at"][:10] for one in conversations}
    for row in _rows(TRUTH):
        if row["invoice_number"]:
            earlier = [day for day in letters[customer_of[row["invoice_number"]]] if day < began[row["id"]]]
            assert max(earlier) == row["sent_on"]


def test_a_number_beside_a_conversation_is_the_one_of_its_customer(
    register: list[list[dict[str, str]]], conversations: list[dict[str, Any]]
) -> None:
    customer_of = {invoice[0]["number"]: invoice[0]["customer_number"] for invoice in register}
    truth = {row["id"]: row for row in _rows(TRUTH)}
    about_letters = [one for one in conversations if truth[one["id"]]["invoice_number"]]
    for one in about_letters:
        number = truth[one["id"]]["invoice_number"]
        assert one.get("invoice_number", number) == number
        assert one.get("customer_number", customer_of[number]) == customer_of[number]
    traceable = sum(truth[one["id"]]["traceable"] == "yes" for one in about_letters)
    assert 0.84 <= traceable / len(about_letters) <= 0.92
    assert sum("customer_number" in one for one in about_letters) >= 0.65 * len(about_letters)


def test_customers_who_say_a_number_say_one_that_the_register_holds(
    register: list[list[dict[str, str]]], conversations: list[dict[str, Any]]
) -> None:
    known = {invoice[0]["payment_reference"] for invoice in register}
    said = {word for one in conversations for turn in one["turns"] for word in turn["text"].split()}
    assert len({word.strip(".,!?") for word in said} & known) >= 20


def test_zones_lie_on_the_page_and_hardly_overlap(bundles: list[tuple[Path, TemplateVersion]]) -> None:
    assert [version.document_type for _, version in bundles].count(DocumentType.INVOICE) == 3
    assert [version.document_type for _, version in bundles].count(DocumentType.REMINDER) == 2
    for path, version in bundles:
        assert (path.parent / json.loads(path.read_bytes())["layout"]).read_bytes().startswith(b"%PDF")
        for zone in version.zones:
            assert 0 < zone.x0 < zone.x1 < 1
            assert 0 < zone.y0 < zone.y1 < 1
            assert zone.text or zone.feature is Feature.PAYMENT_CODE
        for place, zone in enumerate(version.zones):
            for other in version.zones[place + 1 :]:
                width = min(zone.x1, other.x1) - max(zone.x0, other.x0)
                height = min(zone.y1, other.y1) - max(zone.y0, other.y0)
                smaller = min((one.x1 - one.x0) * (one.y1 - one.y0) for one in (zone, other))
                assert max(0, width) * max(0, height) <= 0.15 * smaller, (version.name, zone.feature, other.feature)


def test_the_words_of_a_zone_stand_in_the_zone_of_the_page(bundles: list[tuple[Path, TemplateVersion]]) -> None:
    for path, version in bundles:
        page = pypdfium2.PdfDocument(path.with_suffix(".pdf"))[0]
        width, height = page.get_size()
        for zone in version.zones:
            box = (zone.x0 * width, (1 - zone.y1) * height, zone.x1 * width, (1 - zone.y0) * height)
            there = "".join(page.get_textpage().get_text_bounded(*box).split())
            assert all("".join(word.split()) in there for word in zone.text.split(" ")), (version.name, zone)


def test_version_b_hides_the_reference_in_much_smaller_print(bundles: list[tuple[Path, TemplateVersion]]) -> None:
    height = {}
    for _, version in bundles:
        (zone,) = [zone for zone in version.zones if zone.feature is Feature.PAYMENT_REFERENCE]
        height[version.name] = zone.y1 - zone.y0
    assert height["invoice-b"] < height["invoice-a"] / 2
    assert height["invoice-b"] < height["invoice-c"] / 2


def test_the_readme_states_the_effects_that_the_files_hold() -> None:
    assert planted_table(SAMPLE / REGISTER, TRUTH) in README.read_text(encoding="utf-8")


def _p_values(before: str, after: str, register: list[list[dict[str, str]]], traceable: bool) -> dict[str, float]:
    """By reason: the exact test that both versions bring contacts at the same rate (conditional binomial)."""
    sent = Counter(
        version for (head, *_) in register for version in (head["template_version"], head["reminder_version"])
    )
    contacts = Counter(
        (row["template_version"], row["reason"]) for row in _rows(TRUTH) if row["traceable"] == "yes" or not traceable
    )
    p_values = {}
    for reason in Reason:
        first, second = contacts[before, reason.value], contacts[after, reason.value]
        if first + second:
            share = sent[after] / (sent[before] + sent[after])
            p_values[reason.value] = float(binomtest(second, first + second, share).pvalue)
    return p_values


@pytest.mark.parametrize("traceable", [False, True])
@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("invoice-a", "invoice-b", {"payment_reference"}),
        ("reminder-1", "reminder-2", {"reminder_received"}),
        ("invoice-a", "invoice-c", set()),
    ],
)
def test_an_honest_test_finds_what_is_planted_and_nothing_else(
    register: list[list[dict[str, str]]], before: str, after: str, found: set[str], traceable: bool
) -> None:
    p_values = _p_values(before, after, register, traceable)
    assert {reason for reason, p in p_values.items() if p < 0.05 / (len(Reason) * CHANGES)} == found


def test_the_wrong_tariff_run_brings_many_times_the_usual_contacts(register: list[list[dict[str, str]]]) -> None:
    sent = Counter(head["issued_on"] for (head, *_) in register)
    rows = [row for row in _rows(TRUTH) if row["document"] == "sent" and row["reason"] == "incorrect_invoice"]
    contacts = Counter(row["sent_on"] for row in rows)
    rates = {day: contacts[day] / sent[day] for day in sent}
    wrong = rates.pop("2026-08-12")
    assert contacts["2026-08-12"] >= 25
    assert wrong > 4 * max(rates.values())
    prices = {
        (head["issued_on"], line["line_unit_price"])
        for (head, *rest) in register
        for line in (head, *rest)
        if line["line_name"] == "Rörligt elpris juli" and head["segment"] == "consumer"
    }
    assert {day for day, price in prices if price == "1.944"} == {"2026-08-12"}
    assert all(price == "0.648" for day, price in prices if day != "2026-08-12")


def test_payers_who_get_version_b_miss_the_reference_far_more_often(
    register: list[list[dict[str, str]]], payments: list[str]
) -> None:
    """A payment whose reference fails cannot be laid to a version; so compare what arrived right with what was paid."""
    version = {head["payment_reference"]: head["template_version"] for (head, *_) in register}
    right = Counter(version[line[12:37].strip()] for line in payments if line[:2] == "20" and line[55] == "2")
    paid = Counter(
        head["template_version"]
        for (head, *_) in register
        if head["paid_on"] and head["payment_method"] != "swish" and int(head["customer_number"][-3:]) % 9
    )
    missing = {name: 1 - right[name] / paid[name] for name in ("invoice-a", "invoice-b", "invoice-c")}
    assert missing["invoice-b"] > 3 * missing["invoice-a"]
    assert abs(missing["invoice-c"] - missing["invoice-a"]) < 0.02


def test_bgmax_files_are_well_formed(payments: list[str]) -> None:
    assert {len(line) for line in payments} == {80}
    serials = [line[57:69] for line in payments if line[:2] == "20"]
    assert len(set(serials)) == len(serials)
    total = sum(int(line[37:55]) for line in payments if line[:2] == "20")
    assert total == sum(int(line[50:68]) for line in payments if line[:2] == "15")
    assert len(serials) == sum(int(line[2:10]) for line in payments if line[:2] == "70")
    codes = Counter(line[55] for line in payments if line[:2] == "20")
    assert set(codes) == {"0", "2", "4", "5"}
    for line in payments:
        if line[:2] == "20" and line[55] in "25":
            assert luhn.is_valid(line[12:37].strip()) == (line[55] == "2")


def test_camt_files_add_up() -> None:
    for path in sorted((SAMPLE / "4-payments").glob("camt054-*.xml.gz")):
        root = etree.fromstring(gzip.decompress(path.read_bytes()))
        name = {"c": root.nsmap[None]}
        for entry in root.iterfind(".//c:Ntry", name):
            amounts = [Decimal(amount.text or "") for amount in entry.iterfind(".//c:TxAmt/c:Amt", name)]
            assert Decimal(entry.findtext("c:Amt", namespaces=name) or "") == sum(amounts)


def test_ubl_invoices_say_what_the_register_says(register: list[list[dict[str, str]]]) -> None:
    heads = {invoice[0]["number"]: invoice[0] for invoice in register}
    for path in (SAMPLE / "3-ubl").iterdir():
        root = etree.fromstring(gzip.decompress(path.read_bytes()))
        name = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        head = heads[root.findtext("cbc:ID", namespaces=name) or ""]
        means = root.find("cac:PaymentMeans", name)
        assert means is not None
        assert means.findtext("cbc:PaymentID", namespaces=name) == head["payment_reference"]
        assert root.findtext("cac:LegalMonetaryTotal/cbc:PayableAmount", namespaces=name) == head["amount"]
        for line in root.iterfind("cac:InvoiceLine", name):
            quantity = Decimal(line.findtext("cbc:InvoicedQuantity", namespaces=name) or "")
            price = Decimal(line.findtext("cac:Price/cbc:PriceAmount", namespaces=name) or "")
            amount = Decimal(line.findtext("cbc:LineExtensionAmount", namespaces=name) or "")
            assert price >= 0
            assert abs(quantity * price - amount) <= Decimal("0.005")
