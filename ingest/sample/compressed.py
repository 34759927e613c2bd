"""Files whose bytes depend on their content alone: no clock, no file name in the header."""

from __future__ import annotations

import gzip
from pathlib import Path


def write_compressed(path: Path, content: str, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content.encode(encoding), compresslevel=9, mtime=0))


def read_compressed(path: Path, encoding: str = "utf-8") -> str:
    return gzip.decompress(path.read_bytes()).decode(encoding)
