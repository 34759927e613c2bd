"""Where ``tydlig`` starts: with the command line, but for the one task that takes less time than to load it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple


class BareTagging(NamedTuple):
    """``tydlig tag SOURCE --output OUTPUT --tagger fast --tags-only``"""

    source: Path
    output: Path


def main() -> None:
    asked = bare_tagging(sys.argv[1:])
    if asked is None:
        from api.cli import app

        app()
    else:
        sys.exit(0 if _tag(asked) else 1)


def bare_tagging(arguments: list[str]) -> BareTagging | None:
    """What is to be tagged where nothing else is asked; ``None`` leaves it to the command line to say what is."""
    if arguments[:1] != ["tag"]:
        return None
    given, sources, words = {"--output": "-"}, [], iter(arguments[1:])
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-" or not word.startswith("-"):
            sources.append(word)
        elif word == "--tags-only":
            given[word] = ""
        elif name in {"--output", "--tagger"} or word == "-o":
            given["--output" if word == "-o" else name] = value if equals else next(words, "")
        else:
            return None
    match sources, given:
        case [source], {"--tagger": "fast", "--tags-only": _, "--output": output} if output:
            return BareTagging(Path(source), Path(output))
    return None


def _tag(asked: BareTagging) -> bool:
    from api.tagfile import tag_file

    try:
        return tag_file(asked.source, asked.output, "fast", tags_only=True)
    except (Exception, KeyboardInterrupt) as error:
        from api.cli import end_with

        end_with(error)


if __name__ == "__main__":
    main()
