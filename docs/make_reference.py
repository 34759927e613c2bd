"""Writes docs/reference.md from the code: commands, settings, routes. ``--check`` fails where the file is stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from api.app import create_app
from api.cli import app as command_line
from api.settings import PREFIX, Settings

REFERENCE = Path(__file__).with_name("reference.md")


def reference() -> str:
    """The whole page as Markdown."""
    parts = ["# Reference", "", "Made by `make docs` from the code.", "", "## Commands", ""]
    parts += [*commands(), "", "## Settings", "", *settings(), "", "## Routes", "", *routes(), ""]
    return "\n".join(parts)


def commands() -> Iterator[str]:
    yield "| command | what it does |"
    yield "|---|---|"
    root = typer.main.get_command(command_line)
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # typed as a command; ours is a group
        for path, leaf in leaves(name, command):
            yield f"| `tydlig {path}` | {first_line(leaf.help)} |"


def leaves(path: str, command: object) -> Iterator[tuple[str, object]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, child in inner.items():
        yield from leaves(f"{path} {name}", child)


def settings() -> Iterator[str]:
    yield "| variable | default | what it sets |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = getattr(Settings(), name) if field.default_factory else field.default
        yield f"| `{PREFIX}{name.upper()}` | {'not set' if default is None else f'`{default}`'} | {field.description} |"
    yield f"| `{PREFIX}API_URL` | `{Settings().api_url}` | Where the dashboard finds the API. |"


def routes() -> Iterator[str]:
    yield "| route | what it answers |"
    yield "|---|---|"
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"| `{method.upper()} {path}` | {operation.get('summary', '')} |"


def first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0] if text else ""


if __name__ == "__main__":
    fresh = reference()
    if "--check" not in sys.argv:
        REFERENCE.write_text(fresh, encoding="utf-8")
    elif not REFERENCE.exists() or REFERENCE.read_text(encoding="utf-8") != fresh:
        sys.exit("docs/reference.md is stale: run `make docs`.")
