"""Vectors of section 13, messages between offices: for desks alone, so that no phone's reader has to run them.

`python -m tests.vectors.missives` writes `desk-missives.json` anew, always the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from crypto.casefile import Field
from crypto.device import DeviceRecord
from crypto.disclosure import (
    Acknowledgement,
    Disclosure,
    check_acknowledgement,
    check_disclosure,
    check_withdrawal,
)
from crypto.envelope import Header, Urgency
from crypto.errors import Malformed, Refused
from crypto.keys import DeviceKeys
from crypto.manifest import Manifest, ManifestApproval, ManifestBody, approve, check_manifest, row_hash
from crypto.missive import (
    Missive,
    MissiveKind,
    Original,
    Outcome,
    Paraphrase,
    Reason,
    Request,
    SignedMissive,
    Verdict,
    check_missive,
    check_original,
    prove,
)
from crypto.officecard import OfficeCard
from crypto.record import ZERO_32, rec, unrec
from crypto.roster import Pin, Role, Roster
from crypto.statement import Child, Consent

from . import ops
from .statements import ASSENT, CONSENT
from .statements import SHARING as CONSENTED
from .world import (
    AUDITOR,
    CASEWORKER,
    COORDINATOR,
    DAY,
    HOUR,
    NEW_PHONE,
    NOW,
    OFFICE,
    OTHER_OFFICE,
    PHONE,
    PIN,
    ROSTER,
    SECOND,
    STRANGER,
    TABLET,
    edit,
    flip,
    seeded,
)

FILE = Path(__file__).parent / "desk-missives.json"
THIRD = seeded("third office")
ID, COMMITMENT = seeded("missive envelope", 16), seeded("missive commitment")
HEADER = Header(ID, COORDINATOR.record.device, NOW, NOW + DAY, 0, Urgency.ROUTINE, COMMITMENT)
hx = bytes.fromhex


def missive(kind: MissiveKind, payload: bytes, **changed: Any) -> Missive:
    plain = {
        "nonce": seeded("missive nonce"),
        "kind": kind,
        "office": OFFICE,
        "to": OTHER_OFFICE,
        "sender": COORDINATOR.record.device,
        "thread": seeded("missive thread", 16),
        "counter": 1,
        "prev": ZERO_32,
        "sent_at": NOW,
        "roster_version": 1,
        "roster_hash": ROSTER.hash,
        "payload": payload,
    }
    return Missive(**(plain | changed))


def signed(what: Missive, keys: Any = COORDINATOR, header: Header = HEADER) -> bytes:
    return prove(what, header.envelope, header.commitment, keys.sign_seed).encode()


TEXT = missive(MissiveKind.TEXT, "سلام".encode())
REQUEST = missive(MissiveKind.REQUEST, Request(THIRD, "Six by land.").encode())
ORIGINAL = Original(ID, COMMITMENT, SignedMissive.parse(signed(REQUEST)))
BY_MEDIATOR = {"office": OTHER_OFFICE, "to": THIRD, "sender": seeded("mediator", 16)}
FORWARD = missive(MissiveKind.FORWARD, ORIGINAL.encode(), **BY_MEDIATOR)
PARAPHRASE = missive(
    MissiveKind.PARAPHRASE, Paraphrase(OFFICE, REQUEST.hash, "They ask for six.").encode(), **BY_MEDIATOR
)
RETURNED = Outcome(REQUEST.hash, Verdict.RETURNED, Reason.WORDING)
GIVEN = CONSENTED.sign(PHONE.sign_seed)
DISCLOSED = Disclosure("K-4821", (PHONE.record,), (GIVEN,), (Field("identity-name", "ف."),))
DISCLOSURE = missive(MissiveKind.DISCLOSURE, DISCLOSED.encode())
SALT = seeded("manifest salt")
BODY = ManifestBody(
    manifest=seeded("manifest", 16),
    salt=SALT,
    office=OFFICE,
    recipient=OTHER_OFFICE,
    movement=seeded("movement", 16),
    code="AIR-07",
    fields=("identity-name",),
    made=NOW,
    destroy_by=NOW + 14 * DAY,
    rows=(row_hash(SALT, DISCLOSED),),
)
CARD = OfficeCard(OFFICE, 1, ROSTER.hash)


def approved(keys: DeviceKeys, body: ManifestBody = BODY, at: int = NOW) -> bytes:
    return approve(body, device=keys.record.device, at=at, seed=keys.sign_seed)


def manifest(*wires: bytes, body: ManifestBody = BODY) -> Manifest:
    return Manifest(body, tuple(sorted(wires, key=lambda wire: ManifestApproval.peek(wire).device)))


MANIFEST = missive(
    MissiveKind.MANIFEST,
    manifest(approved(COORDINATOR), approved(CASEWORKER)).encode(),
    thread=BODY.manifest,
)


def _from_office(v: dict[str, Any]) -> dict[str, Any]:
    entry = check_missive(
        SignedMissive.parse(hx(v["signed"])),
        Header.parse(hx(v["header"])),
        roster=Roster.parse(hx(v["roster"])),
        pin=_pin(v["pin"]),
        to=hx(v["to"]),
    )
    return {"role_code": entry.role_code}


def _original(v: dict[str, Any]) -> dict[str, Any]:
    original = Original.parse(hx(v["original"]))
    entry = check_original(original, roster=Roster.parse(hx(v["roster"])), pin=_pin(v["pin"]))
    return {"role_code": entry.role_code, "hash": original.signed.missive.hash.hex()}


def _manifest(v: dict[str, Any]) -> dict[str, Any]:
    made = Manifest.parse(hx(v["manifest"]))
    entries = check_manifest(made, roster=Roster.parse(hx(v["roster"])), to=hx(v["to"]))
    return {"role_codes": [entry.role_code for entry in entries], "hash": made.body.hash.hex()}


def _disclosure(v: dict[str, Any]) -> dict[str, Any]:
    disclosed = Disclosure.parse(hx(v["disclosure"]))
    check_disclosure(disclosed, office=hx(v["office"]), to=hx(v["to"]), now=v["now"])
    return {"contact": disclosed.contact.hex(), "groups": disclosed.groups}


def _withdrawal(v: dict[str, Any]) -> dict[str, Any]:
    disclosed = Disclosure.parse(hx(v["disclosure"]))
    return {"fields": check_withdrawal(disclosed, hx(v["statement"]), to=hx(v["to"]), now=v["now"])}


def _acknowledgement(v: dict[str, Any]) -> dict[str, Any]:
    said, entry = check_acknowledgement(
        hx(v["acknowledgement"]), roster=Roster.parse(hx(v["roster"])), pin=_pin(v["pin"])
    )
    return {"fields": ops.plain(said), "role_code": entry.role_code}


def _parse(v: dict[str, Any]) -> dict[str, Any]:
    parsed = SignedMissive.parse(hx(v["bytes"]))
    assert parsed.encode() == hx(v["bytes"])
    return {
        "hash": parsed.missive.hash.hex(),
        "fields": ops.plain(parsed.missive),
        "payload": ops.plain(parsed.missive.read()),
    }


def _card(v: dict[str, Any]) -> dict[str, Any]:
    card = OfficeCard.from_text(v["text"])
    return {"fields": ops.plain(card), "number": list(card.number())}


def _pin(v: dict[str, Any]) -> Pin:
    return Pin(hx(v["office"]), v["version"], hx(v["hash"]), hx(v["root"]))


OPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "parse missive": _parse,
    "missive": _from_office,
    "original": _original,
    "office card": _card,
    "disclosure": _disclosure,
    "withdrawal": _withdrawal,
    "acknowledgement": _acknowledgement,
    "manifest": _manifest,
}


def run(case: dict[str, Any]) -> tuple[Any, str | None]:
    """`out` and `fails` of a case."""
    try:
        return OPS[case["op"]](case["in"]), None
    except Malformed:
        return None, "malformed"
    except Refused:
        return None, "refused"


class Cases:
    """Collects them; each must end as its author says."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def add(self, name: str, op: str, fails: str | None = None, **given: Any) -> None:
        case = {"name": name, "op": op, "in": {key: ops.plain(value) for key, value in given.items()}}
        out, ended = run(case)
        if ended != fails:
            raise AssertionError(f"{name}: ended {ended}, should end {fails}")
        self.found.append({**case, "out": out, "fails": fails})


def make() -> str:
    """The file's text."""
    cases = Cases()
    _forms(cases)
    _checks(cases)
    _originals(cases)
    _cards(cases)
    _disclosures(cases)
    _withdrawals(cases)
    _manifests(cases)
    return json.dumps({"topic": "missives", "cases": cases.found}, indent=1, ensure_ascii=False) + "\n"


def _forms(cases: Cases) -> None:
    wholes = {
        "text": TEXT,
        "request": REQUEST,
        "forward": FORWARD,
        "paraphrase": PARAPHRASE,
        "disclosure": DISCLOSURE,
        "manifest": MANIFEST,
        "outcome": missive(MissiveKind.OUTCOME, RETURNED.encode()),
        "passed on": missive(
            MissiveKind.OUTCOME, Outcome(REQUEST.hash, Verdict.PASSED_ON, Reason.NONE).encode()
        ),
    }
    for name, whole in wholes.items():
        data = signed(whole)
        cases.add(name, "parse missive", bytes=data)
        for cut, bad in (
            ("one byte missing", data[:-1]),
            ("one byte more", data + b"\0"),
            ("another mark", edit(data, (0,), b"content")),
            ("proof of 63 bytes", edit(data, (2,), bytes(63))),
        ):
            cases.add(f"{name}: {cut}", "parse missive", "malformed", bytes=bad)
        for field in range(12):
            parts = unrec(whole.encode())
            short = rec(*parts[:field], *parts[field + 1 :])
            bad = rec(b"missive", short, bytes(64))
            cases.add(f"{name}: field {field} left out", "parse missive", "malformed", bytes=bad)

    def bad(name: str, whole: Missive, path: tuple[int, ...], value: bytes) -> None:
        cases.add(name, "parse missive", "malformed", bytes=edit(signed(whole), (1, *path), value))

    bad("kind 0", TEXT, (1,), b"\0")
    bad("kind 8", TEXT, (1,), b"\x08")
    bad("to itself", TEXT, (3,), OFFICE)
    bad("counter 0", TEXT, (6,), bytes(8))
    bad("first with a predecessor", TEXT, (7,), seeded("prev"))
    bad("text of 16,385 bytes", TEXT, (11,), b"x" * 16_385)
    bad("request to be passed on to the mediator", REQUEST, (11, 0), OTHER_OFFICE)
    bad("request to be passed on to its author", REQUEST, (11, 0), OFFICE)
    bad("paraphrase of the mediator's own", PARAPHRASE, (11, 0), OTHER_OFFICE)
    bad("paraphrase of the reader's own", PARAPHRASE, (11, 0), THIRD)
    bad("original for another office", FORWARD, (3,), seeded("x"))
    bad("original that another mediator got", FORWARD, (2,), seeded("x"))
    bad("original that is no request", FORWARD, (11, 2), signed(TEXT))
    bad("original within an original", FORWARD, (11, 2), signed(FORWARD))
    bad("disclosure of another office's contact", DISCLOSURE, (2,), seeded("x"))
    bad("disclosure without a device", DISCLOSURE, (11, 1), b"")
    bad("disclosure without a consent", DISCLOSURE, (11, 2), b"")
    bad("disclosure without a field", DISCLOSURE, (11, 3), b"")
    bad("disclosure with an empty field", DISCLOSURE, (11, 3, 0, 1), b"")
    two = ascending(PHONE.record, STRANGER.record)
    bad("disclosure by devices of two contacts", DISCLOSURE, (11, 1), rec(*[each.encode() for each in two]))
    bad("disclosure by an officer's device", DISCLOSURE, (11, 1, 0), COORDINATOR.record.encode())
    bad("disclosure with a consent that is none", DISCLOSURE, (11, 2, 0), rec(b"yes", bytes(64)))
    bad("disclosure with a consent twice", DISCLOSURE, (11, 2), rec(GIVEN, GIVEN))
    bad("manifest by another office", MANIFEST, (2,), seeded("x"))
    bad("manifest for another office", MANIFEST, (3,), seeded("x"))
    bad("manifest in another thread", MANIFEST, (5,), seeded("x", 16))
    bad("manifest without a row", MANIFEST, (11, 0, 9), b"")
    bad("manifest with a row twice", MANIFEST, (11, 0, 9), rec(*BODY.rows * 2))
    bad("manifest without a field", MANIFEST, (11, 0, 6), b"")
    bad("manifest that is over when it is made", MANIFEST, (11, 0, 8), NOW.to_bytes(8, "big"))
    late = NOW + 91 * DAY
    bad("manifest for longer than 90 days", MANIFEST, (11, 0, 8), late.to_bytes(8, "big"))
    bad("manifest without an approval", MANIFEST, (11, 1), b"")
    bad("manifest approved twice by a device", MANIFEST, (11, 1), rec(approved(SECOND), approved(SECOND)))
    bad("manifest with an approval that is none", MANIFEST, (11, 1, 0), rec(b"yes", bytes(64)))
    outcome = wholes["outcome"]
    bad("returned without a reason", outcome, (11, 2), b"\0")
    bad("passed on with a reason", outcome, (11, 1), b"\1")
    bad("verdict 5", outcome, (11, 1), b"\5")
    bad("reason 6", outcome, (11, 2), b"\6")


def _checks(cases: Cases) -> None:
    def judge(name: str, data: bytes, fails: str | None = None, **changed: Any) -> None:
        given = {
            "signed": data,
            "header": HEADER.encode(),
            "roster": ROSTER.encode(),
            "pin": _plain(PIN),
            "to": OTHER_OFFICE,
        }
        cases.add(f"from an office: {name}", "missive", fails, **(given | changed))

    good = signed(TEXT)
    judge("a text", good)
    judge("a request", signed(REQUEST))
    judge("read by another office", good, "refused", to=THIRD)
    judge("read by its own author", good, "refused", to=OFFICE)
    judge("proof changed", flip(good, -1), "refused")
    judge("signed by a colleague", signed(TEXT, SECOND), "refused")
    judge("in another envelope", good, "refused", header=replace(HEADER, envelope=seeded("x", 16)).encode())
    judge(
        "under another commitment", good, "refused", header=replace(HEADER, commitment=seeded("x")).encode()
    )
    judge(
        "another header sender", good, "refused", header=replace(HEADER, sender=TABLET.record.device).encode()
    )
    for name, at, value in (
        ("nonce", 0, seeded("x")),
        ("kind", 1, b"\2"),
        ("recipient", 3, THIRD),
        ("thread", 5, seeded("x", 16)),
        ("time", 8, (NOW + 1).to_bytes(8, "big")),
        ("roster version", 9, bytes(8)),
        ("payload", 11, b"other"),
    ):
        to = THIRD if name == "recipient" else OTHER_OFFICE
        ends = "malformed" if name == "kind" else "refused"
        judge(f"{name} changed after signing", edit(good, (1, at), value), ends, to=to)
    judge("another office's pin", good, "refused", pin=_plain(replace(PIN, office=THIRD)))
    elsewhere = signed(replace(TEXT, office=THIRD))
    judge("under a name that is not the pinned one's", elsewhere, "refused")
    judge("a newer roster must be followed first", signed(replace(TEXT, roster_version=2)), "refused")
    judge("a fork of the roster", signed(replace(TEXT, roster_hash=seeded("fork"))), "refused")
    judge("a sender that lags behind", signed(replace(TEXT, roster_version=0, roster_hash=ZERO_32)))
    stranger = replace(HEADER, sender=seeded("nobody", 16))
    judge(
        "a sender who is no officer",
        signed(replace(TEXT, sender=stranger.sender), header=stranger),
        "refused",
        header=stranger.encode(),
    )
    by = replace(HEADER, sender=CASEWORKER.record.device)
    end = ROSTER.entry(CASEWORKER.record.device).not_after  # type: ignore[union-attr]
    for name, at, fails in (("within the hour", end + HOUR - 1, None), ("an hour", end + HOUR, "refused")):
        late = replace(TEXT, sender=by.sender, sent_at=at)
        judge(f"sent {name} after duty", signed(late, CASEWORKER, by), fails, header=by.encode())
    role = {entry.device.device: entry for entry in ROSTER.entries}
    for name, other in (("an auditor", Role.AUDITOR), ("a phone that only confirms", Role.CONFIRMER)):
        entries = [
            replace(entry, roles=other) if entry.officer == role[by.sender].officer else entry
            for entry in ROSTER.entries
        ]
        changed = replace(ROSTER, entries=tuple(entries))
        theirs = signed(
            replace(TEXT, sender=by.sender, roster_version=0, roster_hash=ZERO_32), CASEWORKER, by
        )
        judge(f"by {name}", theirs, "refused", header=by.encode(), roster=changed.encode())


def _originals(cases: Cases) -> None:
    def judge(name: str, data: bytes, fails: str | None = None, **changed: Any) -> None:
        given = {"original": data, "roster": ROSTER.encode(), "pin": _plain(PIN)}
        cases.add(f"original: {name}", "original", fails, **(given | changed))

    good = ORIGINAL.encode()
    judge("as it came", good)
    judge("of another envelope", edit(good, (0,), seeded("x", 16)), "refused")
    judge("under another commitment", edit(good, (1,), seeded("x")), "refused")
    judge("with another proof", flip(good, -1), "refused")
    changed = Request(THIRD, "Sixty by land.").encode()
    judge("with another text", edit(good, (2, 1, 11), changed), "refused")
    judge("sent on to another office", edit(good, (2, 1, 11, 0), seeded("x")), "refused")
    judge("by another mediator", edit(good, (2, 1, 3), seeded("x")), "refused")
    judge("of an office with another pin", good, "refused", pin=_plain(replace(PIN, office=OTHER_OFFICE)))
    judge("of a text", edit(good, (2,), signed(TEXT)), "malformed")


def ascending(*records: DeviceRecord) -> list[DeviceRecord]:
    return sorted(records, key=lambda record: record.device)


def _disclosures(cases: Cases) -> None:
    def judge(name: str, what: Disclosure = DISCLOSED, fails: str | None = None, **changed: Any) -> None:
        given = {"disclosure": what.encode(), "office": OFFICE, "to": OTHER_OFFICE, "now": NOW}
        cases.add(f"disclosure: {name}", "disclosure", fails, **(given | changed))

    def by(said: Consent, keys: DeviceKeys = PHONE) -> Disclosure:
        return replace(DISCLOSED, consents=(said.sign(keys.sign_seed),))

    name, kin = Field("identity-name", "x"), Field("family-members", "y")
    judge("good")
    judge("of two devices", replace(DISCLOSED, devices=tuple(ascending(PHONE.record, NEW_PHONE.record))))
    family = replace(CONSENTED, fields="family").sign(PHONE.sign_seed)
    both = replace(DISCLOSED, consents=(family, GIVEN))
    judge("of two groups", replace(both, fields=(kin, name)))
    judge("of less than was consented to", replace(both, fields=(name,)))
    judge("on the last day", now=CONSENTED.lapses - 1)
    judge("when the consent is over", fails="refused", now=CONSENTED.lapses)
    judge("before the consent", fails="refused", now=NOW - HOUR - 1)
    judge("of a field nobody consented to", replace(DISCLOSED, fields=(kin, name)), "refused")
    judge("to another office", fails="refused", to=THIRD)
    judge("by another office", fails="refused", office=OTHER_OFFICE)
    judge("by a withdrawal", by(replace(CONSENTED, given=False)), "refused")
    judge("by a consent to messages", by(CONSENT), "refused")
    judge("by a consent signed by another", by(CONSENTED, STRANGER), "refused")
    judge("by a consent of a device not enclosed", by(replace(CONSENTED, device=seeded("x", 16))), "refused")
    judge("by a consent of another contact", by(replace(CONSENTED, contact=seeded("x", 16))), "refused")


def _withdrawals(cases: Cases) -> None:
    back = replace(CONSENTED, given=False, counter=2)

    def judge(name: str, wire: bytes, fails: str | None = None, **changed: Any) -> None:
        given = {"disclosure": DISCLOSED.encode(), "statement": wire, "to": OTHER_OFFICE, "now": NOW}
        cases.add(f"withdrawal: {name}", "withdrawal", fails, **(given | changed))

    judge("good", back.sign(PHONE.sign_seed))
    judge("the consent itself, when it is over", GIVEN, now=CONSENTED.lapses)
    judge("the consent itself, while it stands", GIVEN, "refused", now=CONSENTED.lapses - 1)
    judge("by another", back.sign(STRANGER.sign_seed), "refused")
    judge("by a device that was not enclosed", back.sign(NEW_PHONE.sign_seed), "refused")
    judge("from another office", back.sign(PHONE.sign_seed), "refused", to=THIRD)
    judge("of messages", replace(CONSENT, given=False).sign(PHONE.sign_seed), "refused")
    judge("that is none", rec(b"no", bytes(64)), "malformed")
    no = replace(ASSENT, assent=Child.DECLINES)
    judge("by a child who does not agree", no.sign(PHONE.sign_seed))
    judge("by a guardian for a child", replace(ASSENT, given=False).sign(PHONE.sign_seed))
    judge("an assent, when it is over", ASSENT.sign(PHONE.sign_seed), now=ASSENT.lapses)
    judge("an assent, while it stands", ASSENT.sign(PHONE.sign_seed), "refused", now=ASSENT.lapses - 1)
    judge("an assent by another", no.sign(STRANGER.sign_seed), "refused")
    judge(
        "an assent of another contact", replace(no, contact=seeded("x", 16)).sign(PHONE.sign_seed), "refused"
    )
    said = Acknowledgement(OFFICE, ID, "identity", COORDINATOR.record.device, NOW)

    def confirm(name: str, wire: bytes, fails: str | None = None, **changed: Any) -> None:
        given = {"acknowledgement": wire, "roster": ROSTER.encode(), "pin": _plain(PIN)}
        cases.add(f"acknowledgement: {name}", "acknowledgement", fails, **(given | changed))

    wire = said.sign(COORDINATOR.sign_seed)
    confirm("good", wire)
    confirm("of the whole", replace(said, fields="all").sign(COORDINATOR.sign_seed))
    confirm("by a colleague's key", said.sign(SECOND.sign_seed), "refused")
    confirm("of another office", replace(said, recipient=THIRD).sign(COORDINATOR.sign_seed), "refused")
    confirm("under another office's pin", wire, "refused", pin=_plain(replace(PIN, office=THIRD)))
    confirm("by nobody of it", replace(said, device=seeded("x", 16)).sign(COORDINATOR.sign_seed), "refused")
    confirm("changed after signing", edit(wire, (0, 2), b"family"), "refused")
    confirm("cut", wire[:-1], "malformed")
    auditor = replace(said, device=AUDITOR.record.device).sign(AUDITOR.sign_seed)
    confirm("by an auditor", auditor, "refused")


def _manifests(cases: Cases) -> None:
    def judge(name: str, what: Manifest, fails: str | None = None, **changed: Any) -> None:
        given = {"manifest": what.encode(), "roster": ROSTER.encode(), "to": OTHER_OFFICE}
        cases.add(f"manifest: {name}", "manifest", fails, **(given | changed))

    one = approved(COORDINATOR)
    judge("by two officers", manifest(one, approved(CASEWORKER)))
    judge("by two coordinators", manifest(one, approved(SECOND)))
    judge("by one officer", manifest(one), "refused")
    judge("by one officer on two devices", manifest(one, approved(TABLET)), "refused")
    judge("by nobody who plans", manifest(approved(CASEWORKER)), "refused")
    judge("by an auditor", manifest(one, approved(AUDITOR)), "refused")
    judge("by a device of nobody", manifest(one, approved(STRANGER)), "refused")
    judge("read by another office", manifest(one, approved(SECOND)), "refused", to=THIRD)
    other = replace(BODY, rows=(seeded("row"),))
    judge("with another row", manifest(one, approved(SECOND), body=other), "refused")
    judge("of which one signed other rows", manifest(one, approved(SECOND, other)), "refused")
    wider = replace(BODY, fields=("identity-documents", "identity-name"))
    judge("with another field", manifest(one, approved(SECOND), body=wider), "refused")
    longer = replace(BODY, destroy_by=BODY.destroy_by + DAY)
    judge("kept for longer", manifest(one, approved(SECOND), body=longer), "refused")
    elsewhere = replace(BODY, recipient=THIRD)
    judge(
        "signed for another office",
        manifest(approved(COORDINATOR, elsewhere), approved(SECOND, elsewhere)),
        "refused",
    )
    judge("after an officer's time", manifest(one, approved(CASEWORKER, at=NOW + 6 * DAY)), "refused")
    forged = edit(approved(SECOND), (1,), bytes(64))
    judge("with a signature that is none", manifest(one, forged), "refused")


def _cards(cases: Cases) -> None:
    text = CARD.text()
    cases.add("office card", "office card", text=text)
    cases.add("office card: broken over lines", "office card", text=f" {text[:50]}\n{text[50:]}\t")
    for name, bad in (
        ("mistyped", text[:40] + ("A" if text[40] != "A" else "B") + text[41:]),
        ("cut", text[:-2]),
        ("a letter's beginning", text.replace("QASID-OFFICE1.", "QASID1.")),
        ("empty", ""),
    ):
        cases.add(f"office card: {name}", "office card", "malformed", text=bad)


def _plain(pin: Pin) -> dict[str, Any]:
    found: dict[str, Any] = ops.plain(pin)
    return found


if __name__ == "__main__":
    FILE.write_text(make(), encoding="utf-8")
