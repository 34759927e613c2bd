"""What the readers promise about any file at all."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import conversations, invoices, payments, templates
from ingest.readers import Reader
from ingest.source import Item, Source
from models.errors import BadInput
from tests.ingest.written import camt, paid, register
from tests.ingest.written import conversations as calls

READERS: list[Reader] = [
    *templates.READERS,
    *invoices.READERS,
    *payments.READERS,
    *conversations.READERS,
]
DATA = Path("tests/data").resolve()
EXAMPLES = [
    calls({}, {"customer_number": "1", "started_at": "2026-03-01T10:00:00+01:00"}).encode(),
    b"conversation_id,speaker,text\na,customer,Hej\na,agent,Hej\n",
    register({"number": "F1"}, {"number": "F2", "line_quantity": "1.5"}).encode(),
    camt(paid("13579"), paid("1")).encode(),
    b'{"name": "a", "document_type": "invoice", "valid_from": "2026-01-01"}',
    (DATA / "payments/bgmax-ocr-example.txt").read_bytes(),
    (DATA / "invoices/peppol-base-example.xml").read_bytes(),
    (DATA / "invoices/peppol-base-creditnote-correction.xml").read_bytes(),
]


def damaged(example: bytes) -> st.SearchStrategy[bytes]:
    """The example with a stretch of it replaced by something else, perhaps packed and cut off."""
    places = st.integers(0, len(example))
    pieces = st.binary(max_size=30) | st.sampled_from(
        [b'"', b"\n", b"\x00", b"\xff", b"<", b"9" * 400, b"\\u0000", b"NaN"]
    )
    mended = st.builds(lambda a, b, piece: example[: min(a, b)] + piece + example[max(a, b) :], places, places, pieces)
    return mended | mended.map(gzip.compress) | mended.map(lambda content: gzip.compress(content)[:-9])


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.KIND)
@given(content=st.binary(max_size=500) | st.sampled_from(EXAMPLES).flatmap(damaged))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_items_or_bad_input_and_nothing_else(reader: Reader, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    source = Source(path)
    try:
        reader.recognises(source.head(), path.name)
        read = list(reader.read(source))
    except BadInput as error:
        read = [error]
    assert all(isinstance(each, Item | BadInput) for each in read)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_kind_is_recognised_by_its_own_reader_alone(example: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(example)
    head = Source(path).head()
    assert len([reader.KIND for reader in READERS if reader.recognises(head, "file")]) == 1


@pytest.mark.parametrize("example", EXAMPLES[:4], ids=range(4))
def test_a_byte_order_mark_makes_no_difference(example: bytes, tmp_path: Path) -> None:
    with_mark, without = tmp_path / "with", tmp_path / "without"
    with_mark.write_bytes(b"\xef\xbb\xbf" + example)
    without.write_bytes(example)
    (reader,) = [reader for reader in READERS if reader.recognises(Source(with_mark).head(), "with")]
    read = list(reader.read(Source(with_mark)))
    assert read == list(reader.read(Source(without)))
    assert all(isinstance(each, Item) for each in read)


WORDS = "word " * 10_000
LARGE = {
    "jsonl": ("", '{"id": "%d", "turns": [{"text": "' + WORDS + '"}]}\n'),
    "csv": ("conversation_id,speaker,text\n", "%d,customer," + WORDS + "\n"),
    "register": ("number,issued_on,amount,currency,line_name,line_amount\n", "%d,2026-03-01,1,SEK," + WORDS + ",1\n"),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_read_a_piece_at_a_time(name: str, tmp_path: Path) -> None:
    head, row = LARGE[name]
    with (tmp_path / name).open("w") as file:
        file.write(head)
        file.writelines(row % number for number in range(300))
    source = Source(tmp_path / name)
    (reader,) = [reader for reader in READERS if reader.recognises(source.head(), name)]
    tracemalloc.start()
    items = sum(isinstance(item, Item) for item in reader.read(source))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert items == 300
    assert peak < source.size / 10
