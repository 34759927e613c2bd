"""Keyed hashes of the numbers that lead to a person: the only form in which they are kept."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from models.errors import BadSetting
from models.references import normalise_reference
from models.values import PiiKind

KEY_BYTES = 32


class ReferenceHasher:
    """HMAC-SHA-256 with the operator's key; 64 hexadecimal characters.

    A key that was rotated has a layer of 32 bytes for each time: each layer hashes what the ones before it gave, so
    that a stored hash gets a new layer without anybody knowing its number.
    """

    def __init__(self, key: bytes) -> None:
        self._layers = [key[at : at + KEY_BYTES] for at in range(0, len(key), KEY_BYTES)]

    def hash(self, kind: PiiKind | str, value: str) -> str:
        """Hash one number. Payment references and invoice numbers share a name space: people give one for the other."""
        name_space = "customer" if kind == PiiKind.CUSTOMER_NUMBER else "document"
        return self.content([name_space.encode(), normalise_reference(value).encode()])

    def content(self, parts: Iterable[bytes]) -> str:
        """Hash anything else, such as the bytes of a file, part after part; the first part names the name space."""
        first, *later = self._layers
        digest = hmac.new(first, digestmod=sha256)
        for number, part in enumerate(parts):
            digest.update(part if number else part + b"\0")
        return _under(later, digest.hexdigest())

    def gone(self, known_by: str) -> str:
        """What stands in place of an id or hash that was taken out: the same that comes again is known by it."""
        return self.content([b"gone", known_by.encode()])

    def gone_numbers(self, kind: PiiKind, value: str) -> Iterator[str]:
        """What may stand in place of a number's hash that was taken out: it depends on how often the key was rotated
        before that."""
        for count in range(1, len(self._layers) + 1):
            then = ReferenceHasher(b"".join(self._layers[:count]))
            yield _under(self._layers[count:], then.gone(then.hash(kind, value)))

    def renew(self, hash: str) -> str:
        """A hash as it was before the newest layer, as it is with that layer."""
        return _under(self._layers[-1:], hash)


def _under(layers: Iterable[bytes], hash: str) -> str:
    for layer in layers:
        hash = hmac.new(layer, hash.encode(), sha256).hexdigest()
    return hash


def load_or_create_key(path: Path) -> bytes:
    """Read the operator's key, or make one that only its owner can read. Raises ``BadSetting`` for a damaged key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if not key or len(key) % KEY_BYTES:
            raise BadSetting(str(path), "this is no key of 32 bytes", "Restore the key from a backup.") from None
        return key
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(key)
    return key
