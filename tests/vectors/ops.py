"""What each `op` of the vectors means, on our Python; README.md says it in words for everybody else."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from nacl import bindings

from crypto import (
    addition,
    armour,
    attachment,
    card,
    chunk,
    content,
    loan,
    notice,
    prekey,
    request,
    roster,
    statement,
)
from crypto import signature as signatures
from crypto.device import DeviceRecord
from crypto.encoding import digest, kdf, mac, unb64u
from crypto.envelope import Envelope, Header, Urgency, split
from crypto.errors import CryptoError, Malformed, Refused
from crypto.hpke import KeyPair
from crypto.keys import DeviceKeys, PrekeyPair
from crypto.letter import Letter, Secret, Slip, admit_hash
from crypto.number import comparison_number
from crypto.sealing import Entropy, Recipient, open_envelope, open_place, seal

from . import mlkem

Values = dict[str, Any]
hx = bytes.fromhex

TYPES: dict[str, Callable[[bytes], Any]] = {
    "root": roster.Root.parse,
    "succession": roster.Succession.peek,
    "device": DeviceRecord.parse,
    "prekey": prekey.Prekey.parse,
    "signed prekey": prekey.Prekey.peek,
    "entry": roster.Entry.parse,
    "removal": roster.Removal.parse,
    "roster": roster.Roster.parse,
    "signed roster": roster.Roster.peek,
    "slip": Slip.parse,
    "card": card.Card.parse,
    "content": content.Content.parse,
    "notice": notice.Notice.parse,
    "own part": notice.OwnPart.parse,
    "approval": notice.Approval.peek,
    "go": notice.Go.peek,
    "cancel": notice.Cancel.peek,
    "consent": statement.Consent.peek,
    "assent": statement.Assent.peek,
    "answer": statement.Answer.peek,
    "wipe": statement.Wipe.peek,
    "addition": addition.Addition.peek,
    "upload": armour.Upload.peek,
    "fetch": armour.Fetch.peek,
    "acknowledge": armour.Acknowledge.peek,
    "follow": armour.Follow.peek,
    "lend": loan.Lend.peek,
    "borrow": loan.Borrow.peek,
    "return": loan.GiveBack.peek,
    "take back": loan.TakeBack.peek,
}


def plain(value: Any) -> Any:
    """A value as JSON: bytes in hex, records as objects, kinds as numbers."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Enum):
        return int(value.value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def run(case: Values) -> tuple[Values | None, str | None]:
    """`out` and `fails` of a case."""
    try:
        return OPS[case["op"]](case["in"]), None
    except Malformed:
        return None, "malformed"
    except Refused:
        return None, "refused"
    except CryptoError as error:
        raise AssertionError("an error of no kind") from error


class Given(Entropy):
    """The randomness a case names instead of the system's."""

    def __init__(self, v: Values) -> None:
        self.draws = [hx(v["content_key"]), hx(v["envelope_id"])]
        self.pairs = [hx(r["ephemeral"]) for r in v["recipients"]]
        self.ms = [hx(r["kem_m"]) for r in v["recipients"]]

    def random(self, size: int) -> bytes:
        draw = self.draws.pop(0)
        assert len(draw) == size
        return draw

    def pair(self) -> KeyPair:
        private = self.pairs.pop(0)
        return KeyPair(private, bindings.crypto_scalarmult_base(private))

    def encapsulate(self, kem_pk: bytes) -> tuple[bytes, bytes]:
        return mlkem.encapsulate(kem_pk, self.ms.pop(0))


def _seal(v: Values) -> Values:
    record = DeviceRecord.parse(hx(v["sender"]))
    recipients = [
        Recipient(
            prekey.Prekey.parse(hx(r["prekey"])), notice.OwnPart.parse(hx(r["own"])) if r["own"] else None
        )
        for r in v["recipients"]
    ]
    envelope = seal(
        content.Inner.parse(hx(v["inner"])),
        sender=DeviceKeys(record, hx(v["sign_seed"]), hx(v["dh_sk"])),
        recipients=recipients,
        now=v["now"],
        expires=v["expires"],
        urgency=Urgency(v["urgency"]),
        _entropy=Given(v),
    )
    return {"envelope": envelope.hex()}


def _open(v: Values) -> Values:
    pair = PrekeyPair(prekey.Prekey.parse(hx(v["prekey"])), hx(v["dh_sk"]), hx(v["kem_seed"]))
    opened = open_envelope(hx(v["envelope"]), sender=DeviceRecord.parse(hx(v["sender"])), prekey=pair)
    own = opened.own.encode().hex() if opened.own else ""
    return {"content": opened.content.encode().hex(), "own": own}


def _envelope(v: Values) -> Values:
    data = hx(v["bytes"])
    parsed = Envelope.parse(data)
    assert parsed.encode() == data
    assert [address for address, _ in split(data).wraps] == [wrap.address for wrap in parsed.wraps]
    wraps = [
        {
            "kind": int(w.address.kind),
            "holder": w.address.holder.hex(),
            "prekey": w.address.prekey.hex(),
            "form": w.form,
        }
        for w in parsed.wraps
    ]
    return {"header": plain(parsed.header), "wraps": wraps}


def _parse(v: Values) -> Values:
    return {"fields": plain(TYPES[v["type"]](hx(v["bytes"])))}


def _pin(v: Values) -> roster.Pin:
    return roster.Pin(hx(v["office"]), v["version"], hx(v["hash"]), hx(v["root"]))


def _roster(v: Values) -> roster.Roster:
    return roster.Roster.parse(hx(v["roster"]))


def _follow(v: Values) -> Values:
    pin, _ = roster.follow(_pin(v["pin"]), hx(v["roster"]))
    return {"pin": plain(pin)}


def _usable(v: Values) -> Values:
    prekey.Prekey.from_holder(hx(v["wire"]), DeviceRecord.parse(hx(v["device"]))).check_usable(
        v["now"], v["seen"]
    )
    return {}


def _standing(v: Values) -> Values:
    entry = _roster(v).standing(hx(v["device"]), v["at"], roster.Role(v["roles"]))
    return {"role_code": entry.role_code}


def _secret(v: Values) -> Values:
    secret = Secret(hx(v["secret"]))
    return {
        "invitation": secret.invitation.hex(),
        "contact": secret.contact.hex(),
        "admit_token": secret.admit_token.hex(),
        "admit_hash": admit_hash(secret.admit_token).hex(),
        "words": secret.words(),
    }


def _letter(v: Values) -> Values:
    letter = Letter.from_text(v["text"])
    assert letter.text() == v["text"]
    return {
        "secret": letter.secret.value.hex(),
        "office": letter.office.hex(),
        "min_version": letter.min_version,
        "min_hash": letter.min_hash.hex(),
    }


def _slip(v: Values) -> Values:
    slip, tag = hx(v["slip"]), hx(v["tag"])
    if v["letter"]:
        return {"fields": plain(Letter.from_text(v["letter"]).check_slip(slip, tag))}
    return {"fields": plain(Secret(hx(v["secret"])).check_slip(slip, tag))}


def _enrol(v: Values) -> Values:
    Secret(hx(v["secret"])).check_enrol(
        hx(v["mac"]),
        office=hx(v["office"]),
        roster_version=v["roster_version"],
        contact=hx(v["contact"]),
        device=DeviceRecord.parse(hx(v["device"])),
    )
    return {}


def _card(v: Values) -> Values:
    parsed = card.Card.parse(hx(v["card"]))
    held = card.Card.parse(hx(v["held"])) if v["held"] else None
    former = [roster.Entry.parse(hx(entry)) for entry in v["former"]]
    card.accept(parsed, _roster(v), DeviceRecord.parse(hx(v["own"])), held, former)
    return {"hash": parsed.body.hash.hex()}


def _from_office(v: Values) -> Values:
    entry = content.check_from_office(
        content.Content.parse(hx(v["content"])),
        Header.parse(hx(v["header"])),
        roster=_roster(v),
        pin=_pin(v["pin"]),
        me=DeviceRecord.parse(hx(v["me"])),
    )
    return {"role_code": entry.role_code}


def _from_contact(v: Values) -> Values:
    content.check_from_contact(
        content.Content.parse(hx(v["content"])),
        Header.parse(hx(v["header"])),
        sender=DeviceRecord.parse(hx(v["sender"])),
        pin=_pin(v["pin"]),
    )
    return {}


def _chain(v: Values) -> Values:
    last = content.Inner.parse(hx(v["last"])) if v["last"] else None
    return {"follows": content.check_chain(content.Inner.parse(hx(v["inner"])), last)}


def _notice(v: Values) -> notice.Notice:
    return notice.Notice.parse(hx(v["notice"]))


def _approvals(v: Values) -> Values:
    parsed = _notice(v)
    notice.check_approvals(parsed, [hx(wire) for wire in v["approvals"]], _roster(v))
    return {"content_hash": parsed.hash.hex()}


def _go(v: Values) -> Values:
    parsed = _notice(v)
    go = notice.check_go(hx(v["go"]), parsed, _roster(v), v["now"])
    return {"place": open_place(go.place_key, parsed)}


def _cancel(v: Values) -> Values:
    return {"reason": notice.check_cancel(hx(v["cancel"]), _notice(v), _roster(v)).reason}


def _alert(v: Values) -> Values:
    warnings, approvals = ([hx(wire) for wire in v[name]] for name in ("warnings", "approvals"))
    return {"void": notice.voids(notice.Notice.parse(hx(v["alert"])), warnings, _notice(v), approvals)}


def _statement(v: Values) -> Values:
    kind = {
        "consent": statement.Consent,
        "assent": statement.Assent,
        "answer": statement.Answer,
        "wipe": statement.Wipe,
    }[v["type"]]
    return {
        "fields": plain(statement.check_statement(hx(v["wire"]), kind, DeviceRecord.parse(hx(v["device"]))))
    }


def _addition(v: Values) -> Values:
    return {"fields": plain(addition.check_addition(hx(v["wire"]), card.Card.parse(hx(v["card"])), v["now"]))}


def _undress(v: Values) -> Values:
    kind, payload = armour.undress(v["text"])
    return {"type": int(kind), "payload": payload.hex()}


def _request(v: Values) -> Values:
    parsed = request.RequestSignature.parse([(name, value) for name, value in v["headers"]])
    parsed.verify(
        hx(v["public"]),
        method=v["method"],
        authority=v["authority"],
        path=v["path"],
        query=v["query"],
        body=hx(v["body"]),
        now=v["now"],
    )
    return {"device": parsed.device.hex(), "nonce": parsed.nonce.hex(), "expires": parsed.expires}


def _sign_request(v: Values) -> Values:
    given = {
        **v,
        "seed": hx(v["seed"]),
        "device": hx(v["device"]),
        "body": hx(v["body"]),
        "nonce": hx(v["nonce"]),
    }
    return {"headers": request.sign(**given)}


def _x25519(v: Values) -> Values:
    try:
        return {"shared": bindings.crypto_scalarmult(hx(v["private"]), hx(v["public"])).hex()}
    except RuntimeError:
        raise Refused("small order") from None


def _verify(v: Values) -> Values:
    signatures.verify(hx(v["public"]), hx(v["message"]), hx(v["signature"]))
    return {}


def _repeated(v: Values, size: int) -> bytes:
    return (hx(v["pattern"]) * (size // (len(v["pattern"]) // 2) + 1))[:size]


def _seal_attachment(v: Values) -> Values:
    named = attachment.Attachment.parse(hx(v["attachment"]))
    chunks = chunk.seal_chunks(named, hx(v["office"]), _repeated(v, named.size))
    assert {len(sealed) for sealed in chunks} == {attachment.SEALED_CHUNK}
    return {
        "chunks": [digest("chunk", sealed).hex() for sealed in chunks],
        "token": named.token.hex(),
        "token_hash": attachment.token_hash(named.token).hex(),
    }


def _open_attachment(v: Values) -> Values:
    named = attachment.Attachment.parse(hx(v["attachment"]))
    data = chunk.open_chunks(named, hx(v["office"]), [_sealed_chunk(given) for given in v["chunks"]])
    return {"hash": attachment.attachment_hash(data).hex()}


def _sealed_chunk(v: Values) -> bytes:
    """A chunk as somebody honest or not may seal it, and then changed."""
    named = attachment.Attachment.parse(hx(v["attachment"]))
    plain = _repeated(v, v["size"]) + hx(v["tail"])
    sealed = bytearray(chunk.seal_chunk(named, hx(v["office"]), v["n"], plain, last=v["last"]))
    if v["flip"] >= 0:
        sealed[v["flip"]] ^= 1
    return bytes(sealed[: len(sealed) - v["cut"]])


def _lend(v: Values) -> Values:
    return {"seats": loan.check_lend(hx(v["wire"]), roster.Roster.parse(hx(v["roster"]))).seats}


def _borrow(v: Values) -> Values:
    lend = loan.Lend.parse(hx(v["lend"]))
    loan.check_borrow(hx(v["wire"]), lend, roster.Roster.parse(hx(v["roster"])))
    return {}


def _return(v: Values) -> Values:
    lend = loan.Lend.parse(hx(v["lend"]))
    return {"seats": loan.check_give_back(hx(v["wire"]), lend, roster.Roster.parse(hx(v["roster"]))).seats}


def _take_back(v: Values) -> Values:
    given = loan.GiveBack.parse(hx(v["return"]))
    loan.check_take_back(hx(v["wire"]), given, roster.Roster.parse(hx(v["roster"])))
    return {}


OPS: dict[str, Callable[[Values], Values]] = {
    "hash": lambda v: {"hash": digest(v["purpose"], hx(v["data"])).hex()},
    "mac": lambda v: {"mac": mac(v["purpose"], hx(v["key"]), hx(v["data"])).hex()},
    "kdf": lambda v: {"key": kdf(hx(v["ikm"]), hx(v["salt"]), v["purpose"], v["length"]).hex()},
    "base64url": lambda v: {"bytes": unb64u(v["text"]).hex()},
    "sign": lambda v: {"signature": signatures.sign(v["purpose"], hx(v["data"]), hx(v["seed"])).hex()},
    "verify": _verify,
    "x25519": _x25519,
    "parse": _parse,
    "follow": _follow,
    "usable": _usable,
    "epoch": lambda v: {"prekey": _roster(v).epoch(v["now"]).prekey.hex()},
    "standing": _standing,
    "secret": _secret,
    "letter": _letter,
    "words": lambda v: {"secret": Secret.from_words(v["words"]).value.hex()},
    "slip": _slip,
    "enrol": _enrol,
    "number": lambda v: {"groups": list(comparison_number(DeviceRecord.parse(hx(v["device"]))))},
    "card": _card,
    "envelope": _envelope,
    "seal": _seal,
    "open": _open,
    "from office": _from_office,
    "from contact": _from_contact,
    "chain": _chain,
    "code": lambda v: {"code": notice.Notice.parse(hx(v["notice"])).code},
    "audience": lambda v: {"audience": notice.audience(hx(v["salt"]), [hx(c) for c in v["contacts"]]).hex()},
    "approvals": _approvals,
    "go": _go,
    "cancel": _cancel,
    "alert": _alert,
    "statement": _statement,
    "addition": _addition,
    "undress": _undress,
    "request": _request,
    "sign request": _sign_request,
    "seal attachment": _seal_attachment,
    "open attachment": _open_attachment,
    "lend": _lend,
    "borrow": _borrow,
    "return": _return,
    "take back": _take_back,
}
