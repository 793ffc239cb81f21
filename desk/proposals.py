"""What officers proposed in the chat, where a hijacked account can propose but never decide."""

from crypto.roster import Role
from desk.answers import Answer
from desk.office import Desk


def listed(desk: Desk) -> list[Answer]:
    return Answer(desk.relay.get("/proposals")).many("proposals")


def decide(desk: Desk, proposal: str, *, confirm: bool) -> None:
    desk.require(Role.COORDINATOR | Role.CASEWORKER, "decide on proposals")
    desk.relay.post(f"/proposals/{proposal}", {"decision": "confirm" if confirm else "reject"})
