"""Whom nothing rings though mail waits for them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Time, View
from relay import unrung

router = APIRouter(tags=["cases"], route_class=CheckedRoute)


class Unrung(View):
    """`since`: how long the oldest of their unread mail waits; `tried_at`: an officer's last try since then."""

    alias: str
    why: Annotated[str, Field(json_schema_extra={"enum": list(unrung.WHY)})]
    since: Time
    urgent: bool
    departure: bool
    tried_at: Time | None
    assigned: str | None


class UnrungList(View):
    contacts: list[Unrung]


@router.get("/v1/unrung")
async def listed(caller: Caller) -> UnrungList:
    """Contacts of the own office to telephone, for nothing rings them; departures first."""
    found = await caller.write(unrung.listed, caller.now)
    return UnrungList.model_validate({"contacts": found}, from_attributes=True)
