"""CSV files with a header line: comma, semicolon or tab, UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter

from ingest.source import Item, Source
from models.errors import BadInput

Row = dict[str, str]
_MOST_ROWS = 10_000


def header_of(head: str) -> list[str]:
    """Column names of the first line, in lower case."""
    first = head.partition("\n")[0].rstrip("\r")
    return [name.strip().strip('"').lower() for name in first.split(_delimiter(first))]


def grouped(source: Source, required: Collection[str], key: str) -> Iterator[list[Item[Row]] | BadInput]:
    """Neighbouring rows with the same ``key``; a group with a broken row is given up as a whole.

    Raises ``BadInput`` where a required column is missing.
    """
    for _, group in groupby(_rows(source, required, key), key=itemgetter(0)):
        rows: list[Item[Row]] = []
        broken: BadInput | None = None
        for _, row in group:
            if isinstance(row, BadInput):
                broken = broken or row
            elif len(rows) == _MOST_ROWS:
                broken = broken or source.bad(f"more than {_MOST_ROWS} rows of one {key}", "Split it.", row.line)
            else:
                rows.append(row)
        yield broken or rows


def _rows(source: Source, required: Collection[str], key: str) -> Iterator[tuple[str, Item[Row] | BadInput]]:
    """Rows by column name, cells stripped, each with its key so far as that can still be read."""
    lines = source.lines()
    first = next(lines, (1, ""))[1]
    header = header_of(first)
    if missing := sorted(set(required) - set(header)):
        raise source.bad(f"the columns {', '.join(missing)} are missing", "Add them to the header line.", 1)
    # Strict, so that a quotation mark that is never closed is an error and does not swallow the rest of the file.
    reader = csv.reader((line + "\n" for _, line in lines), delimiter=_delimiter(first), strict=True)
    place = header.index(key)
    while True:
        line = reader.line_num + 2
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield "", source.bad("the row cannot be taken apart", "Look for a quotation mark too many.", line)
            continue
        if len(cells) == len(header):
            yield cells[place], Item(line, dict(zip(header, cells, strict=True)))
        elif any(cells):
            problem = f"the row has {len(cells)} fields where the header has {len(header)}"
            remedy = "Look for a separator too many or too few."
            yield cells[place] if place < len(cells) else "", source.bad(problem, remedy, line)


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)
