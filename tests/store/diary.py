"""A table to write into, where the test is about the writing: the audit log without its chain."""

import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from store.engine import Tx
from store.tables.audit import audit as log

NOW = datetime(2026, 11, 21, tzinfo=UTC)
# Ascending in one process, and from one to the next; a rule that runs again takes another number.
_numbers = count(time.time_ns())


def line(event: str, *, at: datetime = NOW, subject: str = "") -> dict[str, Any]:
    said = {"at": at, "event": event, "role_code": "", "subject": subject}
    return said | {"office": bytes(32), "seq": next(_numbers), "link": b""}


def write(tx: Tx, event: str, *, at: datetime = NOW, subject: str = "") -> None:
    tx.execute(log.insert(), [line(event, at=at, subject=subject)])
