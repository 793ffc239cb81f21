"""docs/ROLES.md, as the walks found it."""

from collections.abc import Iterable, Sequence

from tests.roles import chat, walk
from tests.roles.cast import PRINCIPALS
from tests.roles.snapshot import CHATTING

TOP = """\
# Who may do what

Generated: `make roles` founds two offices in a relay, sends every request of openapi.json and every command
of the chat as everybody, and writes down what was granted. `make test` does the same and fails when this page says
something else, or when a route or command is not among what it asks. There is no other list of permissions: a rule
names the roles it is for (`auth.officer` in relay/), and this is what comes of it.

Roles: **coordinator** (movements, notices, and all of a caseworker's), **caseworker** (contacts, messages),
**liaison** (movements), **auditor** (the audit log), **host** (runs the relay, reads nothing). An officer may have
several. A **confirmer** is a phone, here a coordinator's, that confirms what was proposed in chat, and nothing else:
what the relay carries out by itself. What takes keys (a letter, an off-boarding, an offer, a loan, a cancellation, a
warning) is decided on at a desk alone.

## Requests
`own`: granted, about one's own office's (or one's own) things. `any`: granted, about any office's. `yes`: granted, and
about no office. `–`: refused (401, 403). A *stranger* signs nothing; a *newcomer* has a device that the relay does not
know, and a letter or an admission code; a *pending contact* waits to be confirmed.

The last columns: what of an office the request names, and what somebody who may ask about their own hears about
another office's. **The same, byte for byte, as about what is nowhere**, for everybody; and it changes no row of the
other office. Whatever can be read reads the same before and after another office is founded. To a contact, another
contact of the same office is nowhere, too.

"""
NOTES = """
- What a contact's device or an officer's says, it signs: for `POST /v1/rosters` the office's root signs, whichever
  officer carries it; `POST /v1/wipes` needs the signature of the device that goes, and no other.
- `GET /v1/mail` gives the office's letters to coordinators and caseworkers; liaisons, auditors and hosts get what is
  addressed to their own device.
- “as if new”: the request makes or asks for something under a number that its own office does not know, and the answer
  is that of an empty place.
- Outside openapi.json: the phone app's files (`/`, `/app/…`, `/.well-known/qasid-webapp`) and openapi.json,
  for anybody; `/telegram/…`, for whoever knows its random path and secret.
- Numbers that devices draw (letters, envelopes, devices: 128 random bits) are unique in the whole relay: whoever knows
  one that another office has drawn, and uses it again, hears that it is taken. A device's number also tells by
  `bad_signature` instead of `unknown_device` that it is in use. Nobody can guess one.

## Commands in chat
By Telegram account alone, without any device. `yes`: answered. `–`: for officers a refusal; for everybody else exactly
what an unknown command gets. A *former officer* is one whose account was bound before a roster left them out.

"""
BOTTOM = """
None of these commands, and none of the buttons below their answers, changes anything that concerns a person: all
tables but these stay as they are, row for row, for whoever holds officers' accounts and no device.

"""


def document(routes: Iterable[walk.Row], commands: Iterable[chat.Row]) -> str:
    """The whole page."""
    left_out = [f"- `{name}`: {why}." for name, why in CHATTING.items()]
    return TOP + of_routes(routes) + NOTES + of_commands(commands) + BOTTOM + "\n".join(left_out) + "\n"


def of_routes(rows: Iterable[walk.Row]) -> str:
    cells = [["request", *PRINCIPALS, "names", "of another office"]]
    for row in sorted(rows, key=lambda each: (each.route.split(" ")[1], each.route, each.what)):
        what = f" {row.what}" if row.what else ""
        granted = [_granted(row, name) for name in PRINCIPALS]
        cells.append(
            [f"`{row.route}`{what}", *granted, ", ".join(sorted(row.names)), ", ".join(sorted(row.elsewhere))]
        )
    return _table(cells)


def of_commands(rows: Iterable[chat.Row]) -> str:
    cells = [["command", *chat.CHATTERS, "of another office"]]
    for row in rows:
        granted = ["yes" if row.granted[name] else "–" for name in chat.CHATTERS]
        takes = f" {row.takes}" if row.takes else ""
        abroad = "as a code that nobody has" if row.abroad else ""
        cells.append([f"`/{row.command}`{takes}", *granted, abroad])
    return _table(cells)


def _granted(row: walk.Row, name: str) -> str:
    if not row.granted[name]:
        return "–"
    if row.route in walk.OPEN:
        return "any"
    return "yes" if row.granted["stranger"] else "own"


def _table(cells: Sequence[Sequence[str]]) -> str:
    head, *rest = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, "|" + "---|" * len(cells[0]), *rest]) + "\n"
