"""What importing promises, whatever the format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ingest.pipeline import Progress
from models.errors import BadInput, UnknownFileKind
from models.tables import ConversationRow, ImportItemRow, ImportRow, InvoiceRow, PaymentRow, TaggingRow, TurnRow
from tests.ingest.conftest import Importer
from tests.ingest.written import camt, conversations, paid, register


def everything(importer: Importer) -> list[Path]:
    said = "My reference <payment_reference 13579> is due, says <person Kim Berg>"
    return [
        importer.path("calls.jsonl", conversations({"text": said}, {"text": "nothing"})),
        importer.path("register.csv", register({"number": "F1", "payment_reference": "13579"}, {"number": "F2"})),
        importer.path("bank.xml", camt(paid("13579"))),
    ]


def test_a_file_imported_twice_changes_nothing(importer: Importer) -> None:
    files = everything(importer)
    first = importer(*files)
    before = importer.content()
    second = importer(*files)
    assert importer.content() == before
    assert [each.imported for each in first] == [2, 1, 2]
    assert [(each.imported, each.duplicates) for each in second] == [(0, 2), (0, 1), (0, 2)]


def test_a_repeated_file_adds_one_line_to_the_log_and_no_items(importer: Importer) -> None:
    file = importer.path("register.csv", register({"number": "F1"}))
    importer(file)
    importer(file)
    assert (len(importer.rows(ImportRow)), len(importer.rows(ImportItemRow))) == (2, 1)


def test_the_same_items_in_another_file_are_duplicates(importer: Importer) -> None:
    importer(importer.path("a.jsonl", conversations({"id": "one"})))
    (summary,) = importer(importer.path("b.jsonl", "\n" + conversations({"id": "one"})))
    assert (summary.imported, summary.duplicates) == (0, 1)
    assert len(importer.rows(TurnRow)) == 1


def test_the_order_of_the_files_does_not_change_the_figures(importer: Importer) -> None:
    calls, bills, bank = everything(importer)
    for file in (bank, calls, bills):
        importer(file)
    content = importer.content()
    assert len(content["link"]) == 1
    assert [payment.invoice_id for payment in importer.rows(PaymentRow)] == [importer.rows(InvoiceRow)[0].id]


def test_broken_lines_are_left_out_and_told_with_line_and_reason(importer: Importer) -> None:
    good = conversations({"id": "a"}, {"id": "b"})
    broken = '{"id": "c", "turns": []}\nnot json\n{"id": "d", "started_at": "Kim Berg", "turns": [{"text": "Hi"}]}\n'
    (summary,) = importer(importer.path("calls.jsonl", good + broken))
    assert (summary.imported, summary.rejected) == (2, 3)
    assert [problem.line for problem in importer.problems] == [3, 4, 5]
    logged = [item for item in importer.rows(ImportItemRow) if item.outcome == "rejected"]
    assert [item.line for item in logged] == [3, 4, 5]
    assert all(item.problem for item in logged)


def test_problems_never_quote_what_the_file_says(importer: Importer) -> None:
    personal = "Kim-Berg-070-1740605"
    files = [
        importer.path(
            "a.jsonl", json.dumps({"id": "x", "turns": [{"speaker": personal, "text": 1}]}) + f"\n{personal}\n"
        ),
        importer.path("b.csv", register({"number": "F1", "amount": personal}, {"number": "F2", "issued_on": personal})),
        importer.path("c.xml", camt(paid("1", amount=personal))),
        importer.path("d.txt", personal),
    ]
    importer(*files)
    assert len(importer.problems) == 6
    told = [str(problem) for problem in importer.problems]
    told += [item.problem or "" for item in importer.rows(ImportItemRow)]
    assert not [each for each in told if "Kim" in each or "1740605" in each]


def test_the_words_of_a_conversation_are_stored_redacted_only(importer: Importer) -> None:
    importer(*everything(importer))
    (turn, _) = importer.rows(TurnRow)
    assert turn.text == "My reference [PAYMENT_REFERENCE] is due, says [PERSON]"
    with importer.engine.connect() as connection:
        dump = "".join(
            str(row)
            for table in ("conversation", "turn", "said_reference", "import_item", "invoice", "payment")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        )
    assert "13579" not in dump and "Berg" not in dump


def test_the_summary_counts_what_was_redacted_by_kind(importer: Importer) -> None:
    *_, summary = importer(*everything(importer))
    assert summary.redactions == {"payment_reference": 1, "person": 1}


def test_a_database_that_fails_halfway_keeps_nothing_of_the_file(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = importer.path("calls.jsonl", conversations(*({"id": f"c{i}"} for i in range(450))))
    with Session(importer.engine) as session, session.begin():
        session.execute(text("ALTER TABLE turn RENAME COLUMN speaker TO gone"))
    with pytest.raises(SQLAlchemyError):
        importer(file)
    with Session(importer.engine) as session, session.begin():
        session.execute(text("ALTER TABLE turn RENAME COLUMN gone TO speaker"))
    assert not importer.rows(ConversationRow)
    assert not importer.rows(ImportRow)


def test_an_import_that_is_interrupted_keeps_nothing_of_the_file(importer: Importer) -> None:
    file = importer.path("calls.jsonl", conversations(*({"id": f"c{i}"} for i in range(450))))

    def interrupt(progress: object) -> None:
        if len(batches) == 1:
            raise KeyboardInterrupt
        batches.append(progress)

    batches: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        importer(file, on_progress=interrupt)
    assert not importer.rows(ConversationRow)
    assert not importer.rows(ImportRow)
    assert importer(file)[0].imported == 450


def test_a_file_cut_off_in_the_middle_is_refused_whole(importer: Importer) -> None:
    packed = gzip.compress(conversations(*({"id": f"c{i}", "text": f"{i * 7919}"} for i in range(900))).encode())
    (summary,) = importer(importer.path("calls.jsonl.gz", packed[: len(packed) // 2]))
    assert (summary.imported, summary.rejected) == (0, 1)
    assert "damaged or cut off" in str(importer.problems[0])
    assert not importer.rows(ConversationRow)


def test_gzipped_files_are_read_whatever_they_are_called(importer: Importer) -> None:
    (summary,) = importer(importer.path("calls", gzip.compress(conversations({}).encode())))
    assert summary.imported == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x00\x01\x02\xff" * 99, "holds no kind of data that is known"),
        (b"Dear sir or madam", "holds no kind of data that is known"),
        (conversations({}).encode("utf-16"), "is UTF-16"),
        (conversations({}).encode("utf-16-le"), "is UTF-16"),
        ('{"id": "1", "turns": [{"text": "blå"}]}\n'.encode("latin-1"), "is not UTF-8, perhaps Latin-1"),
        (b'{"id": "1", "turns": "' + b"x" * 9_000_000, "the line is longer than 8 MiB"),
        (b"<Document><BkToCstmrStmt><Stmt>", "is not well-formed XML"),
        (b"\x1f\x8bnonsense", "the gzip archive is damaged or cut off"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_clear_message(importer: Importer, content: bytes, problem: str) -> None:
    (summary,) = importer(importer.path("file", content))
    assert (summary.imported, summary.rejected) == (0, 1)
    (told,) = importer.problems
    assert told.problem.startswith(problem)
    assert told.remedy.endswith(".")


def test_a_wrong_encoding_is_told_with_its_line_and_nothing_of_the_file_is_kept(importer: Importer) -> None:
    importer(importer.path("calls.jsonl", conversations({}, {}).encode() + '{"turns": "å"}\n'.encode("latin-1")))
    assert importer.problems[0].line == 3
    assert not importer.rows(ConversationRow)


def test_an_unknown_kind_says_which_kinds_are_known(importer: Importer) -> None:
    importer(importer.path("letter.txt", "Dear sir or madam"))
    (problem,) = importer.problems
    assert isinstance(problem, UnknownFileKind)
    assert "BgMax" in problem.remedy and "conversations as JSON Lines" in problem.remedy


def test_one_refused_file_does_not_stop_the_others(importer: Importer) -> None:
    summaries = importer(importer.path("a.txt", "?"), importer.path("b.jsonl", conversations({})))
    assert sorted((each.file_name, each.imported, each.rejected) for each in summaries) == [
        ("a.txt", 0, 1),
        ("b.jsonl", 1, 0),
    ]


def test_a_folder_is_walked_and_hidden_files_are_passed_over(importer: Importer) -> None:
    importer.path("in/deep/calls.jsonl", conversations({}))
    importer.path("in/.DS_Store", b"\x00")
    summaries = importer(importer.folder / "in")
    assert [each.file_name for each in summaries] == ["calls.jsonl"]


def test_a_path_that_does_not_exist_is_told_before_anything_is_imported(importer: Importer) -> None:
    file = importer.path("calls.jsonl", conversations({}))
    with pytest.raises(BadInput, match="does not exist"):
        importer(file, importer.folder / "nothing.csv")
    assert not importer.rows(ImportRow)


def test_progress_ends_at_the_end_of_the_file(importer: Importer) -> None:
    seen: list[Progress] = []
    importer(
        importer.path("calls.jsonl", conversations(*({"id": str(i)} for i in range(450)))), on_progress=seen.append
    )
    assert [each.items for each in seen] == [200, 400, 450]
    assert seen[-1].read_bytes == seen[-1].total_bytes
    assert seen[0].read_bytes < seen[-1].read_bytes


def test_a_conversation_that_has_grown_replaces_what_was_stored(importer: Importer) -> None:
    importer(importer.path("a.jsonl", conversations({"id": "one", "text": "is it due"})))
    (summary,) = importer(importer.path("b.jsonl", conversations({"id": "one", "text": "a reminder came"})))
    assert summary.imported == 1
    assert [turn.text for turn in importer.rows(TurnRow)] == ["a reminder came"]
    assert [(row.primary_reason, row.current) for row in importer.rows(TaggingRow)] == [
        ("due_date", False),
        ("reminder_received", True),
    ]


def test_a_conversation_twice_in_one_file_is_stored_once(importer: Importer) -> None:
    (summary,) = importer(importer.path("a.jsonl", conversations({"id": "one"}) * 2))
    assert (summary.imported, summary.duplicates) == (1, 1)
    assert len(importer.rows(ConversationRow)) == 1
