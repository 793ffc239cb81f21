"""Heads of the audit logs in a file, kept away from the relay: whoever has it can tell what was changed since."""

import json
from collections.abc import Iterable
from pathlib import Path

from crypto.encoding import b64u, unb64u
from handlers.config import ConfigError
from relay.audit import AuditHead


def written(heads: Iterable[AuditHead]) -> str:
    """One line of JSON for each log."""
    lines = [
        json.dumps({"office": b64u(each.office), "seq": each.seq, "link": b64u(each.link)}) for each in heads
    ]
    return "".join(f"{line}\n" for line in lines)


def read(path: Path) -> dict[bytes, AuditHead]:
    """The heads in such a file, by office; ConfigError when it is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path} cannot be read: name a file that qasid audit heads has written") from None
    found: dict[bytes, AuditHead] = {}
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            head = AuditHead(unb64u(said["office"], 32), int(said["seq"]), unb64u(said["link"], 32))
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
            RecursionError,
        ):  # whatever it holds
            raise ConfigError(
                f"{path}, line {number}, is no head of an audit log: name a file that qasid audit heads has written"
            ) from None
        found[head.office] = head
    return found
