"""Files of kinds that are not read are called by their name, with what to hand in instead."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.ingest.conftest import Importer
from tests.ingest.written import conversations


def zipped(content: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("calls.jsonl", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (zipped(conversations({})), "is a packed archive"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "is a recording"),
        (b'<?xml version="1.0"?>\n<Finvoice Version="2.01">', "is Finvoice"),
        (b'<?xml version="1.0"?>\n<rsm:CrossIndustryInvoice xmlns:rsm="urn:x">', "is a CII invoice"),
        (b'<Reminder xmlns="urn:oasis:names:specification:ubl:schema:xsd:Reminder-2">', "is UBL, but no invoice"),
        (b'<?xml version="1.0"?>\n<letter/>', "is XML"),
        (b"NY000010000080801091949000102" + b"0" * 51 + b"\n", "is a file of Nets"),
        (b'[{"id": "1", "turns": [{"text": "Hej"}]}]', "is JSON, but not one conversation a line"),
        (b'{\n "id": "1",\n "turns": [\n  {"text": "Hej"}\n ]\n}\n', "is JSON, but not one conversation a line"),
        (b'{\n "ConversationAnalytics": {}\n}\n', "is JSON of a form"),
        (b"number,amount,currency\n1,100,SEK\n", "is a table without the columns"),
    ],
)
def test_a_kind_that_is_not_read_is_named(importer: Importer, content: bytes, problem: str) -> None:
    importer(importer.path("file", content))
    (told,) = importer.problems
    assert told.problem.startswith(problem)
    assert told.line is None


def test_a_pipe_is_refused_and_not_waited_for(importer: Importer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    importer(tmp_path / "pipe")
    assert [problem.problem for problem in importer.problems] == ["is no ordinary file"]
