"""The office's audit log: read whole, verified link by link, its head remembered, so that each desk is a witness."""

from dataclasses import dataclass

from crypto.audit import FIRST_LINK, MARK, AuditEntry
from crypto.errors import Malformed
from crypto.roster import Role
from desk.answers import Answer
from desk.errors import AlarmError
from desk.office import Desk
from desk.voice import Tick

PAGE = 500


@dataclass(frozen=True)
class Log:
    """The entries in their order, and up to where an earlier look had seen them (0: this was the first).

    `aliases`: whose mark each is that stands in the entries, of those who were not erased. The chain says nothing of
    them: they are the relay's word.
    """

    entries: list[AuditEntry]
    aliases: dict[str, str]
    seen: int

    def about(self, entry: AuditEntry) -> str:
        """The alias or code of whom or what it is about; "erased", with the mark, of who was erased since."""
        if not entry.subject.startswith(MARK):
            return entry.subject
        return self.aliases.get(entry.subject) or f"erased {entry.subject}"


def read(desk: Desk, tick: Tick) -> Log:
    """Read and verify the log; remembers its head. Raises AlarmError when it is not as it was, or does not hold."""
    desk.require(Role.AUDITOR | Role.COORDINATOR, "read the audit log")
    entries: list[AuditEntry] = []
    aliases: dict[str, str] = {}
    seen, link = desk.state.audit_seq, FIRST_LINK
    while True:
        answer = Answer(desk.relay.get("/audit", after=len(entries), limit=PAGE))
        head = answer.one("head")
        page = answer.many("entries")
        for row in page:
            entry = _entry(desk, row, len(entries) + 1)
            link = entry.link(link)
            entries.append(entry)
            if alias := row.text("alias", ""):
                aliases[entry.subject] = alias
            if entry.seq == seen and link != desk.state.audit_link:
                raise _altered(f"entry {seen} or one before it is not what it was")
        tick("entries", len(entries), max(len(entries), head.integer("seq")))
        if len(entries) >= head.integer("seq") or not page:
            break
    if (len(entries), link) != (head.integer("seq"), head.octets("link", 32)):
        raise _altered("its links do not hold")
    if len(entries) < seen:
        raise _altered(f"{seen - len(entries)} of the last entries are gone")
    desk.state.audit_seq, desk.state.audit_link = len(entries), link
    desk.save()
    return Log(entries, aliases, seen)


def _entry(desk: Desk, row: Answer, seq: int) -> AuditEntry:
    if row.integer("seq") != seq:
        raise _altered(f"entry {seq} is missing")
    try:
        return AuditEntry(
            desk.office, seq, row.integer("at"), row.text("event"), row.text("role_code"), row.text("subject")
        )
    except Malformed:
        raise _altered(f"entry {seq} is none") from None


def _altered(what: str) -> AlarmError:
    return AlarmError(
        f"The audit log was tampered with: {what}.",
        "Tell the other coordinators and the relay's operator by another channel; "
        "`qasid audit verify` at the relay says more.",
        "audit_altered",
    )
