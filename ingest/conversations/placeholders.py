"""Where the placeholders stand in redacted turns: what a reviewer sees, and never what stood there."""

from __future__ import annotations

import re
from typing import Any

from models.values import Redacted


def redactions_of(conversation_id: int, redacted: Redacted) -> list[dict[str, Any]]:
    """A row for each find, with the place of its placeholder (0 to 0 where the turn has none)."""
    read = [0] * len(redacted.conversation.turns)
    rows = []
    for find in sorted(redacted.finds, key=lambda find: (find.turn, find.start)):
        text = redacted.conversation.turns[find.turn].text
        found = re.compile(rf"\[{find.kind.name}(_\d+)?\]").search(text, read[find.turn])
        start, end = found.span() if found else (0, 0)
        read[find.turn] = max(end, read[find.turn])
        told = find.model_dump(include={"turn", "kind", "score", "because"})
        rows.append({"conversation_id": conversation_id, "start": start, "end": end, **told})
    return rows
