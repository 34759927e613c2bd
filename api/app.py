"""The HTTP API: ``create_app(settings)`` puts door, routes and errors together and opens what they need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline

from api import errors, openapi
from api.database import open_database
from api.guard import Guard
from api.routes import conversations, health, insights, privacy, tagging, taxonomy
from api.settings import Settings
from api.tools import load_tools
from api.version import VERSION
from ingest.privacy.key import open_hasher

DESCRIPTION = """
What about the invoice, or the paying of it, made customers get in touch: tags for conversations, and figures that join
them with the invoice template versions that were sent and the payments that came.

* Personal data is taken out before anything is stored or answered.
* Figures answer for a period and can be narrowed by repeated parameters: `language=sv&language=nb`.
* Rates carry count, denominator and a 95 % interval; `too_few` says that a rate is withheld.
* Errors are problem details (RFC 9457, `application/problem+json`) and never repeat what was sent.
"""


def create_app(settings: Settings) -> FastAPI:
    """The application; its database is brought up to date and its model loaded when it starts, not here."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.settings = settings
        app.state.engine, app.state.organisation_id = open_database(settings)
        hasher = open_hasher(app.state.engine, settings.key_file)
        with ThreadPoolExecutor(1, "load") as loader:
            # In the background: /healthz and the figures need no model, and answer at once.
            app.state.tools = loader.submit(load_tools, hasher, settings.tagger)
            yield
        app.state.engine.dispose()

    app = FastAPIOffline(  # its documentation page brings its own scripts: a browser asks nobody else
        title="Tydlig",
        version=VERSION,
        summary="Finds what about your invoices makes customers call.",
        description=DESCRIPTION,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        responses=errors.documented(422, 500, 503),
        redoc_url=None,
    )
    v1 = APIRouter(prefix="/v1", dependencies=[Depends(HTTPBearer(auto_error=False))] if settings.api_key else [])
    for room in (tagging, conversations, insights, taxonomy, privacy):
        v1.include_router(room.router)
    app.include_router(v1)
    app.include_router(health.router)
    app.add_middleware(Guard, settings=settings)
    errors.install(app)
    openapi.describe(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
