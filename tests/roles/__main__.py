"""`make roles`: walk, and write docs/ROLES.md; exit 1, and write nothing, when something is wrong."""

import sys
from pathlib import Path

from tests.roles import chat, table, walk

PAGE = Path(__file__).parents[2] / "docs" / "ROLES.md"


def main() -> int:
    routes, wrong = walk.walked()
    commands, more = chat.walked()
    if wrong or more:
        print(*wrong, *more, sep="\n", file=sys.stderr)
        return 1
    PAGE.write_text(table.document(routes, commands), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
