"""A file of vectors: cases are run as they are added, and must end as their author says."""

import json
from pathlib import Path
from typing import Any

from crypto.record import rec, unrec

from . import ops


class Topic:
    """Collects the cases of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: list[dict[str, Any]] = []

    def add(self, name: str, op: str, fails: str | None = None, **given: Any) -> dict[str, Any] | None:
        """One case. Bytes and records' bytes may be given as bytes; they are written as hex. Returns its `out`."""
        case = {"name": name, "op": op, "in": ops.plain(_listed(given))}
        out, ended = ops.run(case)
        if ended != fails:
            raise AssertionError(f"{self.name}: {name}: ended {ended}, should end {fails}")
        self.cases.append({**case, "out": out, "fails": fails})
        return out

    def forms(self, kind: str, data: bytes, *, signed: bool = False, free: tuple[int, ...] = ()) -> None:
        """A whole object, and what every reader must call malformed. Fields of any length are named in `free`."""
        self.add(f"{kind}: whole", "parse", type=kind, bytes=data)
        bad = {
            "empty": b"",
            "one byte missing": data[:-1],
            "one byte more": data + b"\0",
            "an empty field more": data + bytes(4),
            "first length too large": b"\xff" + data[1:],
        }
        body = unrec(data)[0] if signed else data
        parts = unrec(body)
        for i, part in enumerate(parts):
            bad[f"cut before field {i}"] = rec(*parts[:i])
            bad[f"field {i} left out"] = rec(*parts[:i], *parts[i + 1 :])
            if len(part) in (1, 4, 8, 16, 32, 272, 1184) and i not in free:
                bad[f"field {i} too long"] = rec(*parts[:i], part + b"\0", *parts[i + 1 :])
                bad[f"field {i} empty"] = rec(*parts[:i], b"", *parts[i + 1 :])
        cut = [name for name in bad if "field" in name and name != "an empty field more"]
        if signed:
            signature = unrec(data)[1]
            bad |= {name: rec(bad[name], signature) for name in cut}
            bad["signature one byte short"] = rec(body, signature[:-1])
        for name, bytes_ in bad.items():
            self.add(f"{kind}: {name}", "parse", "malformed", type=kind, bytes=bytes_)

    def write(self, folder: Path) -> None:
        """The file `py-<name>.json`."""
        text = json.dumps({"topic": self.name, "cases": self.cases}, indent=1, ensure_ascii=False)
        (folder / f"py-{self.name}.json").write_text(text + "\n", encoding="utf-8")


def _listed(value: Any) -> Any:
    """Dicts keep their shape; everything in them is made plain."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return ops.plain(value)
