"""`make gallery`: take every picture (or those of the dialogues named), and write docs/gallery.

Exit 1, with the reason, when no browser can run here or a dialogue is not known.
"""

import sys

from tests.browser.chromium import NoChromiumError
from tests.gallery.make import FOLDER, make
from tests.gallery.programme import EVERY


def main(names: list[str]) -> int:
    if unknown := set(names) - set(EVERY):
        print(
            f"no such dialogue: {', '.join(sorted(unknown))}; there are {', '.join(EVERY)}", file=sys.stderr
        )
        return 1
    try:
        changed = make(FOLDER, names or list(EVERY))
    except NoChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{changed} pictures changed" if changed else "every picture is as it was")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
