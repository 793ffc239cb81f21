"""For auditors and coordinators: the office's log, with what is needed to verify its chain."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import PlainSerializer, WithJsonSchema

from crypto.audit import microseconds
from handlers.api.context import Caller, CheckedRoute
from handlers.api.fields import Hash, View
from relay import audit

router = APIRouter(tags=["desk"], route_class=CheckedRoute)

Microseconds = Annotated[
    datetime,
    PlainSerializer(microseconds, when_used="json"),
    WithJsonSchema({"type": "integer", "minimum": 0, "description": "microseconds since 1970"}),
]


class AuditEntry(View):
    """The chain hashes `subject`; `alias` is whose mark it is, while that is known, and empty else."""

    seq: int
    at: Microseconds
    event: str
    role_code: str
    subject: str
    alias: str


class AuditHead(View):
    seq: int
    link: Hash


class AuditLog(View):
    entries: list[AuditEntry]
    head: AuditHead


@router.get("/v1/audit")
async def log(
    caller: Caller,
    after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0,
    limit: Annotated[int, Query(ge=1, le=audit.PAGE)] = audit.PAGE,
) -> AuditLog:
    """What was done in the own office, in order, after an entry; and where the log stands."""
    return AuditLog.model_validate(await caller.read(audit.listed, after, limit))
