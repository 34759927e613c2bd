"""XML streamed element by element, with nothing of it fetched, expanded or quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

from ingest.fields import as_amount
from ingest.source import Source

Element: TypeAlias = etree._Element


def elements(source: Source, names: Collection[str]) -> Iterator[Element]:
    """Finished elements with these local names, each emptied after use so that memory stays bounded.

    Raises ``BadInput`` where the file is not well-formed.
    """
    with source.opened() as stream:
        raw = getattr(stream, "fileobj", stream)
        tags = [f"{{*}}{name}" for name in names]
        try:
            for _, element in etree.iterparse(
                stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
            ):
                source.position = raw.tell()
                yield element
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise source.bad("is not well-formed XML", "Export the file again.", error.lineno or None) from None


def _forget(element: Element) -> None:
    """Empty the element, and drop its like before it; the parser itself still needs the newest."""
    parent, before = element.getparent(), element.getprevious()
    element.clear()
    if parent is not None and before is not None and before.tag == element.tag:
        parent.remove(before)


def children(element: Element, path: str) -> list[Element]:
    """Descendants by a path of local names such as ``"NtryDtls/TxDtls"``, whatever their namespace."""
    return element.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def line_of(element: Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def text(element: Element, *paths: str) -> str | None:
    """The text at the first of the paths that holds any."""
    for path in paths:
        for child in children(element, path):
            if child.text and child.text.strip():
                return child.text.strip()
    return None


def amount(element: Element, *paths: str) -> Decimal | None:
    """The amount at the first of the paths that holds any. Raises ``BadField`` where it is none."""
    found = text(element, *paths)
    return None if found is None else as_amount(paths[0].rpartition("/")[2], found)
