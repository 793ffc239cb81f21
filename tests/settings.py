"""`make settings`: write docs/SETTINGS.md, what an operator can set, from the code that reads it."""

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from desk import passphrases
from handlers.backup import PASSPHRASE
from handlers.config import CREDENTIALS, Settings, variable

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "SETTINGS.md"
HEAD = f"""\
# Settings

Made by `make settings` from `handlers/config.py`. Every setting of the relay is an environment variable, read and
checked at the start; what cannot work is refused with a sentence that says what to change.

A secret (the token, an address of a database with a password in it) stands better in a file, which no list of
processes shows: a file named like the variable, `qasid_bot_token`, in the folder that `{CREDENTIALS}` names.
systemd sets that by itself for `LoadCredential=`. The file counts before the variable.

| variable | without it | what it does |
|---|---|---|
"""
ELSEWHERE = {
    "QASID_BACKUP_KEY": "`qasid backup make`: the public half of the offline key, as `--to`.",
    PASSPHRASE: "`qasid backup key` and `restore`: a file with the offline key's passphrase, `chmod 600`.",
    "QASID_DESK_HOME": "`qasid-desk`: the desk's folder, as `--home`.",
    passphrases.DESK: "`qasid-desk`: a file with the desk's passphrase, in place of being asked.",
    "QASID_DESK_NEW_PASSPHRASE_FILE": "`qasid-desk`: the same for a passphrase that is new.",
    passphrases.ROOT: "`qasid-desk`: a file with the passphrase of the root's medium.",
    passphrases.BACKUP: "`qasid-desk backup` and `restore`: a file with the passphrase of the desk's backup.",
}


def document() -> str:
    """The page. Raises ValueError, naming it, for a setting that nobody described."""
    fields = [_row(variable(name), field) for name, field in Settings.model_fields.items()]
    single = [f"| `{name}` | {text} |" for name, text in ELSEWHERE.items()]
    return "\n".join(
        [
            HEAD + "\n".join(fields),
            "",
            "Of single commands:",
            "",
            "| variable | of |",
            "|---|---|",
            *single,
            "",
        ]
    )


def _row(name: str, field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"{name} has no description: give its Field one in handlers/config.py")
    return f"| `{name}` | {_shown(field.default)} | {field.description.replace('|', chr(92) + '|')} |"


def _shown(default: object) -> str:
    if default is None or default == "":
        return "none"
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, Path) and default.is_absolute():
        return "what is installed"
    return f"`{default}`"


def main() -> int:
    PAGE.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
