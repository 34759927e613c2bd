"""Is it up, and what is running."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.version import VERSION
from models.values import Value

router = APIRouter(tags=["health"])


class Health(Value):
    """``model_version`` is null while the model is still being loaded."""

    version: str
    database: bool
    model_version: str | None


@router.get("/healthz", summary="Is it up")
def get_health(request: Request, response: Response) -> Health:
    """Version of the program and of the model, and whether the database answers (status 503 where it does not)."""
    database = _answers(request)
    response.status_code = 200 if database else 503
    tools = request.app.state.tools
    loaded = tools.done() and tools.exception() is None
    return Health(version=VERSION, database=database, model_version=tools.result().tagger.version if loaded else None)


def _answers(request: Request) -> bool:
    try:
        with request.app.state.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar() == 1)
    except SQLAlchemyError:
        return False
