"""Example requests for the OpenAPI document. Each can be sent as it stands; the tests do."""

from __future__ import annotations

from fastapi.openapi.models import Example

_TURNS = [
    {"speaker": "agent", "text": "Kundtjänst, Maria. Vad kan jag hjälpa dig med?"},
    {"speaker": "customer", "text": "Hej, jag hittar inget OCR-nummer på fakturan. Vilket ska jag skriva in?"},
]

CONVERSATION: dict[str, Example] = {
    "shortest": {
        "summary": "The least that can be sent",
        "value": {"turns": [{"speaker": "customer", "text": "Why is the bill twice as high as last month?"}]},
    },
    "chat": {
        "summary": "A chat with all that is known about it",
        "value": {"id": "chat-4711", "language": "sv", "channel": "chat", "turns": _TURNS},
    },
}

_STORED = {
    "id": "chat-4711",
    "language": "sv",
    "channel": "chat",
    "started_at": "2026-09-14T10:12:00+02:00",
    "handling_seconds": 340,
    "queue": "billing",
    "customer_number": "104482",
    "turns": _TURNS,
}

ONE_OR_MANY: dict[str, Example] = {
    "one": {"summary": "One conversation", "value": _STORED},
    "many": {
        "summary": "Several conversations",
        "value": [
            _STORED | {"id": "chat-4712"},
            {
                "id": "call-88",
                "channel": "phone",
                "started_at": "2026-09-14T08:30:00Z",
                "turns": [{"speaker": "customer", "text": "Jeg har ikke fått noen faktura denne måneden."}],
            },
        ],
    },
}

CORRECTION: dict[str, Example] = {
    "reference": {
        "summary": "It was about the payment reference",
        "value": {
            "primary": "payment_reference",
            "reasons": ["payment_reference"],
            "features": ["payment_reference"],
            "step": "enter_details",
            "author": "quality team",
        },
    }
}

ERASURE: dict[str, Example] = {
    "customer": {"summary": "All that is kept about a customer", "value": {"customer_number": "104483"}},
    "conversation": {"summary": "One conversation", "value": {"conversation": "chat-0815"}},
}

REVIEW: dict[str, Example] = {
    "nothing": {"summary": "Nothing was left", "value": {"conversation_id": 1, "reviewer": "quality team"}},
    "something": {
        "summary": "A name was left",
        "value": {
            "conversation_id": 1,
            "reviewer": "quality team",
            "leftovers": [{"turn": 0, "start": 0, "end": 3, "kind": "person"}],
        },
    },
}
