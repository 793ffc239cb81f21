"""`make screens`: walk over every screen (or those named), check it, take its pictures, and write docs/gallery/app.

Exit 1, with the reason, when no browser can run here, a screen is not known, or one is not as it must be.
"""

import sys

from tests.browser.chromium import NoChromiumError
from tests.screens.make import FOLDER, FaultyError, make
from tests.screens.walk import VIEWS


def main(names: list[str]) -> int:
    if unknown := set(names) - set(VIEWS):
        print(f"no such screen: {', '.join(sorted(unknown))}; there are {', '.join(VIEWS)}", file=sys.stderr)
        return 1
    try:
        changed = make(FOLDER, names or VIEWS)
    except (NoChromiumError, FaultyError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{changed} pictures changed" if changed else "every picture is as it was")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
