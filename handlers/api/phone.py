"""The Mini App's files, with a policy that lets them load nothing from elsewhere."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

#: Telegram's web clients show the app in a frame.
FRAMES = ("https://web.telegram.org", "https://*.telegram.org")
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; connect-src {connect}; "
    "img-src 'self' data: blob:; media-src blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors {frames}"
)
HEADERS = {
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Their names change with their content; everything else is asked for again.
FOREVER = "public, max-age=31536000, immutable"
#: Where anybody finds what this server says that it serves; `qasid verify-webapp` checks whether it does.
WELL_KNOWN = "/.well-known/qasid-webapp"
BUNDLE = "bundle.json"
NOT_BUILT = "The phone app is not built. Run make setup, or name its folder with QASID_APP_DIR.\n"
#: The one inline script of a page: the digests of all parts that come later. It runs nothing.
IMPORT_MAP = re.compile(rb'<script type="importmap">(.*?)</script>', re.DOTALL)


def policy(pages: Iterable[bytes], frames: Iterable[str], relay: str = "") -> str:
    """The Content-Security-Policy for these pages, which `frames` may show; `relay` where it is elsewhere."""
    maps = {sha256(found).digest() for page in pages for found in IMPORT_MAP.findall(page)}
    scripts = ("'self'", *sorted(f"'sha256-{b64encode(digest).decode()}'" for digest in maps))
    return POLICY.format(
        scripts=" ".join(scripts), connect=f"'self' {relay}".strip(), frames=" ".join(frames)
    )


class PhoneFiles(StaticFiles):
    """Static files with the policy and caching headers."""

    def __init__(self, folder: Path, frames: tuple[str, ...]) -> None:
        super().__init__(directory=folder, html=True)
        pages = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
        self._headers = {"Content-Security-Policy": policy(pages, (*FRAMES, *frames)), **HEADERS}

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.startswith(".") and path != ".":  # what the build leaves for its own scripts
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers.update(self._headers)
        response.headers["Cache-Control"] = FOREVER if path.startswith("assets/") else "no-cache"
        return response


def asked_from(origin: str, api: ASGIApp) -> ASGIApp:
    """The API for pages of this one origin as well: it admits by signatures, so that nothing else is to be shared."""
    return CORSMiddleware(
        api,
        allow_origins=[origin],
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Content-Digest", "Signature-Input", "Signature"],
        expose_headers=["Retry-After"],
        max_age=7200,  # the longest that Chromium keeps it
    )


def bundle(folder: Path) -> APIRouter:
    """What the build in the folder says of itself, at the well-known address."""
    router = APIRouter()

    @router.get(WELL_KNOWN, include_in_schema=False)
    async def well_known() -> FileResponse:
        if not (folder / BUNDLE).is_file():  # built without the whole of `npm run build`
            raise HTTPException(404)
        return FileResponse(
            folder / BUNDLE, media_type="application/json", headers={"Cache-Control": "no-cache"}
        )

    return router


def missing() -> APIRouter:
    """Instead of the files when there are none."""
    router = APIRouter()

    @router.get(WELL_KNOWN, include_in_schema=False)
    @router.get("/app/{path:path}", include_in_schema=False)
    async def not_built(path: str = "") -> PlainTextResponse:  # noqa: ARG001 - the route's
        return PlainTextResponse(NOT_BUILT, 503)

    return router


def front() -> APIRouter:
    """The bare address leads to the app."""
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        return RedirectResponse("/app/", 308)

    return router
