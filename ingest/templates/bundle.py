"""Template versions: a JSON file that describes a letter, with its layout as a PDF beside it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pydantic import ValidationError
from pydantic_core import from_json

from ingest.fields import problem_of
from ingest.source import Item, Source
from models.errors import BadInput
from models.values import TemplateVersion

KIND = "template_version"
NAME = "template versions as JSON"
_LARGEST_BYTES = 4 * 1024 * 1024
_DOTS_PER_INCH = 110
_MOST_PAGES = 20
_REMEDY = "Mend the description and import it again."


def recognises(head: str, name: str) -> bool:
    return head.lstrip().startswith("{") and '"document_type"' in head and '"valid_from"' in head


def beside(source: Source) -> list[Path]:
    """The layout that the description names, where there is one: a plain file name in the same folder."""
    layout = _description(source).get("layout")
    if not isinstance(layout, str) or layout != Path(layout).name:
        return []
    return [path for path in [source.path.parent / layout] if path.is_file()]


def read(source: Source) -> Iterator[Item[TemplateVersion] | BadInput]:
    description = _description(source)
    pages = [page for layout in beside(source) for page in _pages(layout, source)]
    if description.get("layout") and not pages:
        raise source.bad("layout names no file in the same folder", "Put the PDF beside the description.")
    try:
        yield Item(1, TemplateVersion.model_validate(description | {"pages": tuple(pages)}))
    except ValidationError as error:
        yield source.bad(problem_of(error), _REMEDY, 1)


def _description(source: Source) -> dict[str, Any]:
    with source.opened() as stream:
        content = stream.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise source.bad("is longer than 4 MiB", "Describe one template version in each file.")
    try:
        description = from_json(content.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError:
        raise source.bad("is not JSON", _REMEDY) from None
    if not isinstance(description, dict):
        raise source.bad("is no JSON object", _REMEDY)
    return {key: value for key, value in description.items() if value is not None}


def _pages(layout: Path, source: Source) -> Iterator[bytes]:
    """The pages of a PDF as PNG images."""
    try:
        with pypdfium2.PdfDocument(layout) as document:
            if len(document) > _MOST_PAGES:
                raise source.bad(f"the layout has more than {_MOST_PAGES} pages", "Hand in the layout of one letter.")
            for page in document:
                image = BytesIO()
                page.render(scale=_DOTS_PER_INCH / 72).to_pil().save(image, format="PNG", optimize=True)
                yield image.getvalue()
    except (pypdfium2.PdfiumError, OSError):
        raise source.bad("the layout beside it is no PDF", "Export the layout as PDF again.") from None
