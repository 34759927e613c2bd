"""Rows written and looked up in bulk, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import String, Table, insert, select
from sqlalchemy.orm import Session

from models.tables import Base

T = TypeVar("T")
CHUNK = 1000


def chunks(values: Sequence[T] | set[T]) -> Iterator[list[T]]:
    """Pieces small enough for one ``IN (…)``."""
    iterator = iter(values)
    while piece := list(islice(iterator, CHUNK)):
        yield piece


def insert_rows(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that share their keys."""
    if rows:
        session.execute(insert(_table(kind)), _fitted(kind, rows))


def insert_for_ids(
    session: Session, kind: type[Base], rows: Sequence[dict[str, Any]], key: str, **within: Any
) -> list[int]:
    """Insert rows that share their keys and return their ids in the same order.

    ``key`` is a column that tells the rows apart among those that have the values of ``within``. Looking the ids up
    costs less than having each row return its own, which SQLite does row by row.
    """
    rows = _fitted(kind, rows)
    insert_rows(session, kind, rows)
    columns = _table(kind).c
    ids: dict[Any, int] = {}
    same = [columns[name] == value for name, value in within.items()]
    for chunk in chunks([row[key] for row in rows]):
        found = session.execute(select(columns[key], columns.id).where(columns[key].in_(chunk), *same))
        ids.update((value, id) for value, id in found)
    return [ids[row[key]] for row in rows]


def fitted(kind: type[Base], row: dict[str, Any]) -> dict[str, Any]:
    """Cut names to the column's length and drop NUL, both of which PostgreSQL would refuse the whole file for."""
    return _fitted(kind, [row])[0]


def _fitted(kind: type[Base], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    lengths = _lengths(kind)
    return [row | changed if (changed := _changed(row, lengths)) else row for row in rows]


def _changed(row: dict[str, Any], lengths: dict[str, int | None]) -> dict[str, str]:
    """The texts of a row that do not fit as they are; nearly always none, and there are very many rows."""
    texts = ((key, row[key], length) for key, length in lengths.items() if isinstance(row.get(key), str))
    return {
        key: text.replace("\0", " ")[:length]
        for key, text, length in texts
        if "\0" in text or (length is not None and len(text) > length)
    }


@cache
def _lengths(kind: type[Base]) -> dict[str, int | None]:
    return {column.key: column.type.length for column in _table(kind).c if isinstance(column.type, String)}


def _table(kind: type[Base]) -> Table:
    return cast(Table, kind.__table__)
