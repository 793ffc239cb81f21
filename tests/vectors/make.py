"""Write all of `tests/vectors/py-*.json` anew: `python -m tests.vectors.make [folder]`. Always the same bytes."""

import sys
from pathlib import Path

from . import (
    additions,
    attachments,
    cards,
    contents,
    envelopes,
    letters,
    notices,
    primitives,
    requests,
    rosters,
    statements,
)

TOPICS = (
    primitives,
    rosters,
    letters,
    cards,
    envelopes,
    contents,
    attachments,
    notices,
    statements,
    additions,
    requests,
)


def main(folder: Path) -> None:
    """Write every topic's file into `folder`."""
    for module in TOPICS:
        module.make().write(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
