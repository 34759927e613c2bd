"""Tags for a conversation that is not stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from api import examples
from api.bodies import AnyConversation, TaggedConversation
from api.dependencies import Loaded
from api.errors import documented
from api.tagging import tag

router = APIRouter(tags=["conversations"])


@router.post("/tag", summary="Tag a conversation", responses=documented(401, 413))
def tag_conversation(
    conversation: Annotated[AnyConversation, Body(openapi_examples=examples.CONVERSATION)], tools: Loaded
) -> TaggedConversation:
    """Why the customer got in touch, what about the invoice it was, at which payment step, and the words that show it.

    Personal data is taken out first; the answer's turns are the redacted ones and evidence points into them. Nothing
    is stored. The answer has the form of a line of `tydlig tag`.
    """
    return tag([conversation], tools.tagger, tools.redactor)[0]
