"""The key that a database's hashes were made with: found to be the right one, and rotated.

A rotation lays a new layer over every stored hash, so that rows still meet while who knows the old key alone can test
no number any more. The database keeps a hash of nothing, by which it knows its key.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, Select, Table, bindparam, func, literal, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.hashing import KEY_BYTES, ReferenceHasher, load_or_create_key
from models.database import overwrite_deleted, transaction
from models.errors import BadSetting
from models.tables import Base, ConversationRow, KeyRow, PaymentRow

LOCK_SECONDS = 30
AT_ONCE = 5000
ONLY = 1
"""The id of the only row that tells the key."""


class KeyChanged(BadSetting):
    def __init__(self) -> None:
        super().__init__("TYDLIG_KEY_FILE", "the key was rotated since this program started", "Start it again.")


def open_hasher(engine: Engine, path: Path) -> ReferenceHasher:
    """The hasher whose key lies in ``path``; a database without hashes takes the key as its own.

    Where a rotation was ended between database and file, it is finished. Raises ``BadSetting`` for another database's
    key, or a damaged one.
    """
    hasher = ReferenceHasher(load_or_create_key(path))
    check = _known_check(engine, hasher)
    if check == _check(hasher):
        return hasher
    coming = _coming(path)
    if coming.exists() and _check(ReferenceHasher(coming.read_bytes())) == check:
        _finish(engine, path)
        return ReferenceHasher(path.read_bytes())
    raise BadSetting(str(path), "this is not the key of the database", "Restore the key that belongs to it.")


def hold_key(session: Session, hasher: ReferenceHasher) -> None:
    """Keep the key as it is until the transaction ends; raises :class:`KeyChanged` if it is another one already."""
    check = session.scalar(select(KeyRow.check).with_for_update(read=True))
    if check is not None and check != _check(hasher):
        raise KeyChanged


def rotate(engine: Engine, path: Path, on_rows: Callable[[int], object] = lambda rows: None) -> bool:
    """Put a new layer over all that was hashed with the key in ``path``, and into that file.

    One transaction, which waits for imports; whatever ends it, file and database fit. False where others keep the
    database busy, so that the old hashes were not overwritten in its files yet. Raises ``BadSetting`` as
    :func:`open_hasher`.
    """
    old = open_hasher(engine, path)
    key = path.read_bytes() + secrets.token_bytes(KEY_BYTES)
    new = ReferenceHasher(key)
    _write(_coming(path), key)
    with transaction(engine) as session:
        _take(session, old, new)
        for table in HASHED:
            _renew(session, table, new, on_rows)
    return _finish(engine, path)


def _finish(engine: Engine, path: Path) -> bool:
    """Overwrite the old hashes and put the new key in its place; what ends before that is done again."""
    overwritten = overwrite_deleted(engine, [f'"{table.name}"' for table in HASHED], compact=True)
    with suppress(FileNotFoundError):  # another program that just started has finished this already
        _coming(path).replace(path)
    return overwritten


def rows_to_renew(engine: Engine) -> int:
    """How many rows a rotation goes through."""
    with transaction(engine) as session:
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in HASHED)


def _coming(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _write(path: Path, key: bytes) -> None:
    path.unlink(missing_ok=True)  # of a rotation that failed
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def _check(hasher: ReferenceHasher) -> str:
    return hasher.content([b"check"])


def _known_check(engine: Engine, hasher: ReferenceHasher) -> str | None:
    """What the database knows its key by; the first key that it meets is its own."""
    try:
        with transaction(engine) as session:
            known = session.scalar(select(KeyRow.check))
            if known is None:
                session.add(KeyRow(id=ONLY, check=_check(hasher)))
        return known or _check(hasher)
    except IntegrityError:  # another program met the database at the same moment
        with transaction(engine) as session:
            return session.scalar(select(KeyRow.check))


def _take(session: Session, old: ReferenceHasher, new: ReferenceHasher) -> None:
    """Writing the check first keeps everybody else from storing a hash until the end."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    mine = update(KeyRow).where(KeyRow.check == _check(old)).values(check=_check(new))
    if not cast(Any, session.execute(mine)).rowcount:
        raise KeyChanged


def _hash_columns() -> dict[Table, list[str]]:
    """What holds hashes: the columns named so, the bank's ids of payments, and ids of contacts that were taken out."""
    found = {table: [c.name for c in table.c if c.name.endswith("_hash")] for table in Base.metadata.sorted_tables}
    for kind in (PaymentRow, ConversationRow):
        found[cast(Table, kind.__table__)].append("external_id")
    return {table: names for table, names in found.items() if names}


HASHED = _hash_columns()


def _renew(session: Session, table: Table, hasher: ReferenceHasher, on_rows: Callable[[int], object]) -> None:
    """What is missing stays so, and so does the id of a contact that is still as it came."""
    names, last = HASHED[table], 0
    changed = update(table).where(table.c.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in names})
    while rows := session.execute(_next_rows(table, last)).mappings().all():
        renewed = [{f"new_{n}": hasher.renew(row[n]) if row[n] else row[n] for n in names} for row in rows]
        for row, new in zip(rows, renewed, strict=True):
            new["row"] = last = row["id"]
            if row["as_it_came"]:
                new["new_external_id"] = row["external_id"]
        session.execute(changed, renewed)
        on_rows(len(rows))


def _next_rows(table: Table, last: int) -> Select[Any]:
    contact = table is ConversationRow.__table__
    as_it_came = (table.c.numbers_gone_at.is_(None) if contact else literal(False)).label("as_it_came")
    columns = table.c.id, as_it_came, *(table.c[name] for name in HASHED[table])
    return select(*columns).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
