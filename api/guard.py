"""The one door: who may ask, from where, and how much may be sent. Outermost, so that nothing is read before."""

from __future__ import annotations

from hmac import compare_digest

from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem, unexpected
from api.settings import Settings, is_loopback

MAX_BODY_BYTES = 20_000_000
TOO_LARGE = f"The body is larger than {MAX_BODY_BYTES // 1_000_000} MB. Send fewer conversations at a time."


class Guard:
    """Refuses a strange host, a wrong key or a body too large, and answers for errors that nobody expected."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.key = settings.api_key.get_secret_value().encode() if settings.api_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal is not None:
            return await refusal(scope, receive, send)
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, _limited(receive), note_start)
        except Exception as error:  # whatever it is, the caller gets a problem and the log no personal data
            answer = unexpected(error)
            if not started:
                await answer(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        path = scope["path"]
        if self.key is None and not _names_this_machine(headers.get("host", "")):
            # A web page whose name was made to point at this machine (DNS rebinding) still sends its own name.
            return problem(403, "Without TYDLIG_API_KEY only this machine is answered, under its own name.")
        if self.key is not None and path.startswith("/v1") and not self._has_key(headers.get("authorization", "")):
            return problem(401, "Send the key as: Authorization: Bearer KEY", {"WWW-Authenticate": "Bearer"})
        if "\0" in path or b"%00" in scope["query_string"]:
            return problem(400, "The address holds a NUL character, which nothing here is called.")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > MAX_BODY_BYTES:
            return problem(413, TOO_LARGE, {"Connection": "close"})
        return None

    def _has_key(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        return compare_digest(given.strip().encode("latin-1"), self.key or b"") and scheme.lower() == "bearer"


def _names_this_machine(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    return is_loopback(name if colon and port.isdecimal() else host)


def _limited(receive: Receive) -> Receive:
    """Count what arrives in pieces, where no length was announced."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BODY_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return counted
