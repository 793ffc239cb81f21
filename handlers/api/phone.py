"""The Mini App's files, with a policy that lets them load nothing from elsewhere."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

#: Telegram's web clients show the app in a frame.
FRAMES = ("https://web.telegram.org", "https://*.telegram.org")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {frames}"
)
#: Their names change with their content; everything else is asked for again.
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = "The phone app is not built. Run make setup, or name its folder with QASID_APP_DIR.\n"


class PhoneFiles(StaticFiles):
    """Static files with the policy and caching headers."""

    def __init__(self, folder: Path, frames: tuple[str, ...]) -> None:
        super().__init__(directory=folder, html=True)
        self._headers = {
            "Content-Security-Policy": POLICY.format(frames=" ".join((*FRAMES, *frames))),
            "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(self._headers)
        response.headers["Cache-Control"] = FOREVER if path.startswith("assets/") else "no-cache"
        return response


def missing() -> APIRouter:
    """Instead of the files when there are none."""
    router = APIRouter()

    @router.get("/app/{path:path}", include_in_schema=False)
    async def not_built(path: str) -> PlainTextResponse:  # noqa: ARG001 - the route's
        return PlainTextResponse(NOT_BUILT, 503)

    return router


def front() -> APIRouter:
    """The bare address leads to the app."""
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        return RedirectResponse("/app/", 308)

    return router
