"""Keyed hashes of the numbers that lead to a person: the only form in which they are kept."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from models.errors import BadSetting
from models.references import normalise_reference
from models.values import PiiKind

_KEY_BYTES = 32


class ReferenceHasher:
    """HMAC-SHA-256 with the operator's key; 64 hexadecimal characters."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, kind: PiiKind | str, value: str) -> str:
        """Hash one number. Payment references and invoice numbers share a name space: people give one for the other."""
        name_space = "customer" if kind == PiiKind.CUSTOMER_NUMBER else "document"
        return self.content([name_space.encode(), normalise_reference(value).encode()])

    def content(self, parts: Iterable[bytes]) -> str:
        """Hash anything else, such as the bytes of a file, part after part; the first part names the name space."""
        digest = hmac.new(self._key, digestmod=sha256)
        for number, part in enumerate(parts):
            digest.update(part if number else part + b"\0")
        return digest.hexdigest()


def load_or_create_key(path: Path) -> bytes:
    """Read the operator's key, or make one that only its owner can read. Raises ``BadSetting`` for a damaged key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise BadSetting(str(path), "this is no key of 32 bytes", "Restore the key from a backup.") from None
        return key
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(_KEY_BYTES)
        file.write(key)
    return key
