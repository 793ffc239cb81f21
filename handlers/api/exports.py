"""Lists of people that leave the office; the relay is told that they do, and not what stands in them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from crypto.manifest import MOST_ROWS
from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Blobs, Body, Hash, Id
from relay import exports

router = APIRouter(tags=["desk"], route_class=CheckedRoute)


class Headcount(Body):
    """`recipient` null: an outsider."""

    movement: Id
    recipient: Hash | None = None
    people: Annotated[int, Field(ge=0, le=exports.MOST)]


class Manifest(Body):
    approvals: Blobs


class File(Body):
    name: Annotated[str, Field(max_length=48, pattern=f"^{exports.FILE.pattern}$")]
    people: Annotated[int, Field(ge=0, le=MOST_ROWS)]


@router.post("/v1/exports/headcounts", status_code=204)
async def headcount(caller: Caller, body: Headcount) -> None:
    """Note that a movement's headcount was made for another office, or for an outsider."""
    await caller.write(exports.headcount, **body.model_dump(), now=caller.now)


@router.post("/v1/exports/manifests", status_code=204)
async def manifest(caller: Caller, body: Manifest) -> None:
    """Note that a manifest by name goes to another office; two officers' signatures are checked."""
    await caller.write(exports.manifest, body.approvals, caller.now)


@router.post("/v1/exports/files", status_code=204)
async def file(caller: Caller, body: File) -> None:
    """Note that a manifest was written to a file."""
    await caller.write(exports.file, **body.model_dump(), now=caller.now)
