"""Errors as answers: {"code", "message"} (RFC 9457 media type); what happened, what to do, and no echo."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from handlers import log
from relay.errors import Kind, RelayError, StoreError

MEDIA_TYPE = "application/problem+json"
#: For what the framework itself refuses, by status.
WORDS = {
    400: ("malformed", "The body cannot be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    415: (
        "unsupported_media_type",
        "Send application/json here, or application/octet-stream for an envelope.",
    ),
}

logger = log.get("api")


class Problem(BaseModel):
    """The body of every error."""

    model_config = ConfigDict(extra="forbid")

    code: str
    message: str


#: As `content` and not as `model`, which the framework would describe as application/json.
CONTENT = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
#: For OpenAPI: any operation may answer so.
RESPONSES: dict[int | str, dict[str, object]] = {
    "4XX": {"content": CONTENT, "description": "What is wrong with the request, and what to do"},
    503: {"content": CONTENT, "description": "Try again later"},
}


def problem(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error answer."""
    body = {"code": code, "message": message}
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


class ApiError(Exception):
    """Refused at the edge, before any rule."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def expected(error: RelayError | StoreError | ApiError) -> JSONResponse:
    """The answer to an error that a rule, the store or the edge means to give."""
    match error:
        case RelayError():
            # Of what a rule counts there is too much for a day or until somebody decides: no wait of seconds helps.
            headers = {"Retry-After": "5"} if error.kind is Kind.UNAVAILABLE else None
            return problem(error.kind.value, error.code, error.message, headers)
        case StoreError():
            logger.error("the store failed", error=type(error).__name__)
            return problem(503, "unavailable", f"{error}.", {"Retry-After": "5"})
        case ApiError():
            return problem(error.status, error.code, error.message, error.headers)


def install(app: FastAPI) -> None:
    """Give every error this form."""

    @app.exception_handler(RelayError)
    @app.exception_handler(StoreError)
    @app.exception_handler(ApiError)
    async def _expected(_request: Request, error: RelayError | StoreError | ApiError) -> JSONResponse:
        return expected(error)

    @app.exception_handler(ClientDisconnect)
    async def _gone(_request: Request, _error: ClientDisconnect) -> Response:
        # Nobody hears it, and it is no fault of ours: strangers must not fill the log.
        return problem(400, *WORDS[400])

    @app.exception_handler(RequestValidationError)
    async def _form(_request: Request, error: RequestValidationError) -> JSONResponse:
        # The place names come from our own models, but for an unknown field: that one is the sender's text.
        known = [each for each in error.errors() if each["type"] != "extra_forbidden"]
        places = sorted({".".join(str(part) for part in each["loc"][1:2]) for each in known} - {""})
        where = f": check {', '.join(places[:5])}" if places else ""
        return problem(
            400, "malformed", f"The request does not have the form that openapi.json describes{where}."
        )

    @app.exception_handler(HTTPException)
    async def _framework(_request: Request, error: HTTPException) -> JSONResponse:
        code, message = WORDS.get(error.status_code, ("refused", HTTPStatus(error.status_code).phrase))
        return problem(error.status_code, code, message, error.headers)

    @app.exception_handler(Exception)
    async def _ours(request: Request, error: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "")
        logger.error("request failed", method=request.method, route=route, exc_info=error)
        return problem(
            503, "unavailable", "The relay is in trouble. Nothing is lost: try again.", {"Retry-After": "5"}
        )
