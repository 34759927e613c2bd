"""A file to read, plain or gzipped, with every way it can be unreadable turned into one clear error."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Generic, NamedTuple, TypeVar, cast

from ingest.foreign import of_bytes
from models.errors import BadInput, UnknownFileKind

T = TypeVar("T")

HEAD_BYTES = 64 * 1024
LONGEST_LINE = 8 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_PART = 1024 * 1024


class Item(NamedTuple, Generic[T]):
    """Something that a reader found, and the 1-based line where it starts."""

    line: int
    value: T


class Source:
    """One file. Each way of reading streams it from the start in bounded memory and raises only ``BadInput``.

    ``position`` tells how many of the ``size`` bytes on disk the newest reading has passed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.size = path.stat().st_size if path.is_file() else 0
        self.position = 0

    def bad(self, problem: str, remedy: str, line: int | None = None) -> BadInput:
        """An error about this file. Callers put no word of the file's content into it."""
        return BadInput(self.name, problem, remedy, line)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file's bytes, unpacked where they are gzipped."""
        if self.path.exists() and not self.path.is_file():
            raise self.bad("is no ordinary file", "Write what it holds to a file, and hand that in.")
        try:
            with self.path.open("rb") as raw:
                packed = raw.read(2) == _GZIP
                raw.seek(0)
                yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise self.bad("the gzip archive is damaged or cut off", "Pack or copy the file again.") from None
        except OSError as error:
            raise self.bad(f"cannot be read ({error.strerror})", "Check that it exists and may be read.") from None

    def parts(self) -> Iterator[bytes]:
        """The file's bytes as they lie on disk, in parts of 1 MiB."""
        with self.opened():
            pass
        with self.path.open("rb") as raw:
            while part := raw.read(_PART):
                yield part

    def head(self) -> str:
        """The first 64 KiB as text, for recognising the kind.

        Raises ``BadInput`` for a file that is empty, UTF-16 or no text at all.
        """
        with self.opened() as stream:
            head = stream.read(HEAD_BYTES)
        if not head.strip():
            raise self.bad("is empty", "Hand in a file with content.")
        if foreign := of_bytes(head):
            raise UnknownFileKind(self.name, *foreign)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_utf16(head):
            raise self.bad("is UTF-16", "Save it as UTF-8 and import it again.", 1)
        try:
            return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
        except UnicodeDecodeError:
            return head.decode("latin-1")

    def lines(self, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
        """Lines with their 1-based number, without line end and byte order mark."""
        with self.opened() as stream:
            raw = getattr(stream, "fileobj", stream)
            number = 0
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                self.position = raw.tell()
                yield number, self._decoded(line, number, encoding)

    def _decoded(self, line: bytes, number: int, encoding: str) -> str:
        if len(line) > LONGEST_LINE:
            raise self.bad("the line is longer than 8 MiB", "Put one item on each line.", number)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if b"\0" in line:
            raise self.bad("holds a NUL character, as no text does", "Hand in a text file.", number)
        try:
            return line.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            raise self.bad(
                "is not UTF-8, perhaps Latin-1 or Windows-1252", "Save it as UTF-8 and import it again.", number
            ) from None


def _is_utf16(head: bytes) -> bool:
    """Whether every second byte is zero, as in Western text in UTF-16 without a byte order mark."""
    low, high = head[0::2], head[1::2]
    return len(head) > 3 and (low.count(0) > 0.9 * len(low)) != (high.count(0) > 0.9 * len(high))
