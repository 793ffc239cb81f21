"""Everything that reads what strangers send, as one table: name, how to read bytes, which errors it may give, seeds.

Most seeds are the vectors': a reader of those gets one field of a case changed, the others being as they were.
"""

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from telegram import Bot

from crypto import archive, armour, casefile, handover, initdata, keyfile, manifest, missive
from crypto.armour import BEGINNING, undress
from crypto.audit import AuditEntry
from crypto.encoding import b64u, moment
from crypto.errors import CryptoError
from crypto.officecard import OfficeCard
from crypto.officerinvitation import OfficerInvitation
from crypto.record import rec, unrec
from crypto.vault import Vault
from desk import csvfile, media, mrz
from desk.errors import UsageError
from handlers import bundle, witness
from handlers.bundle import Bundle, BundleError
from handlers.config import ConfigError
from handlers.updates import rebuild, strip
from relay import accounts, backup, offices
from relay import armour as joining
from relay.errors import RelayError, StoreError
from relay.inbox import Taken
from store.engine import Store, open_store
from tests.databases import empty_sqlite
from tests.desk.pictures import jpeg, ogg, webp
from tests.handlers.test_updates import message
from tests.vectors import ops
from tests.vectors.missives import CARD as OFFICE_CARD
from tests.vectors.world import NOW, seeded

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
#: More would only be slow.
LARGEST = 20_000
MOST = 40
WHEN = moment(NOW)
NOBODY = Bot("1:a")
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz012345"


@dataclass(frozen=True)
class Reader:
    """`read` is given bytes of any kind, and may raise `errors` and nothing else."""

    name: str
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]
    #: Examples in a quick run.
    few: int = 50


@cache
def cases(op: str) -> list[dict[str, Any]]:
    """The vectors' cases of this kind."""
    every = [
        case
        for path in sorted(VECTORS.glob("*-*.json"))
        for case in json.loads(path.read_text("utf-8"))["cases"]
    ]
    return [case for case in every if case["op"] == op]


def small(found: Iterator[bytes] | list[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted({each for each in found if 0 < len(each) <= LARGEST})[:MOST])


def vector(op: str, field: str, *, text: bool = False) -> Reader:
    """Reads one field of a case that succeeds; those that pass must also be what the vectors' own checks want."""
    base = next(case["in"] for case in cases(op) if case["fails"] is None)

    def read(data: bytes) -> None:
        given = data.decode(errors="replace") if text else data.hex()
        value = [given] if isinstance(base[field], list) else given
        ops.run({"op": op, "in": {**base, field: value}})

    found = [case["in"][field] for case in cases(op)]
    plain = [each for value in found for each in (value if isinstance(value, list) else [value])]
    seeds = [each.encode() if text else bytes.fromhex(each) for each in plain]
    return Reader(f"{op} {field}", read, (), small(seeds))


RECORDS = {
    **ops.TYPES,
    "case file": casefile.CaseFile.parse,
    "handover": handover.Handover.parse,
    "manifest": manifest.ManifestPart.parse,
    "missive": missive.SignedMissive.parse,
    "officer's invitation": OfficerInvitation.peek,
    "audit entry": AuditEntry.parse,
}


def record(data: bytes) -> None:
    """Whatever it was taken for: what is read is written as it was."""
    for parse in RECORDS.values():
        try:
            found = parse(data)
        except CryptoError:
            continue
        if parse.__name__ == "parse":
            assert found.encode() == data


def record_seeds() -> list[bytes]:
    return [bytes.fromhex(case["in"]["bytes"]) for op in ("parse", "parse missive") for case in cases(op)]


def request(data: bytes) -> None:
    """The headers, one a line."""
    lines = data.decode("latin-1").split("\n")
    base = next(case["in"] for case in cases("request") if case["fails"] is None)
    ops.run({"op": "request", "in": {**base, "headers": [line.partition(": ")[::2] for line in lines]}})


def request_seeds() -> list[bytes]:
    return [
        "\n".join(f"{name}: {value}" for name, value in case["in"]["headers"]).encode("latin-1", "replace")
        for case in cases("request")
    ]


def parcel(data: bytes) -> None:
    """What armour holds, with a sum that is right."""
    undress(BEGINNING + b64u(data + armour._tag(data)))


def parcel_seeds() -> list[bytes]:
    found = []
    for case in cases("undress"):
        if case["fails"] is None:
            kind, payload = undress(case["in"]["text"])
            found.append(bytes([kind]) + payload)
    return found


@cache
def house() -> tuple[Store, Vault, int, tempfile.TemporaryDirectory[str]]:
    """A database with one account, for readers that keep something between two messages."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "qasid.db"
    empty_sqlite(path)
    store, vault = open_store(f"sqlite:///{path}"), Vault(bytes(32))
    account = store.write_now(lambda tx: accounts.known(tx, vault, 7_000_000_009, WHEN)).id
    return store, vault, account, folder


def joined(data: bytes) -> None:
    """Armour that comes in several messages, cut at line breaks."""
    store, vault, account, _ = house()
    for part in data.decode(errors="replace").split("\n"):
        store.write_now(lambda tx, part=part: joining.whole(tx, vault, account, part, WHEN))


def joined_seeds() -> list[bytes]:
    whole = [case["in"]["text"].encode() for case in cases("undress")]
    return whole + [each[:3_500] + b"\n" + each[3_500:] for each in whole if len(each) > 3_500]


def telegram(data: bytes) -> None:
    """An update, and what is made of it later."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return
    found = strip(said)
    if found is None:
        return
    kept = json.loads(json.dumps(found.payload))
    rebuild(Taken(found.update_id, 1, found.chat, kept, found.callback_id, found.enclosed), NOBODY)


def telegram_seeds() -> list[bytes]:
    press = {
        "id": "77",
        "from": message()["message"]["from"],
        "message": message()["message"],
        "data": "lang:en",
    }
    change = {**message()["message"], "new_chat_member": {"status": "kicked"}}
    document = {"file_name": "a.qasid", "file_size": 900, "file_id": "x"}
    updates = [
        message("/start i_AAAAAAAAAAAAAAAAAAAAAA"), message("qasid1.AAAA"), message("salaam"),
        message(document=document), {"update_id": 1, "callback_query": press},
        {"update_id": 2, "my_chat_member": change},
        {"update_id": 3, "edited_message": message("/help")["message"]},
    ]  # fmt: skip
    return [json.dumps(each).encode() for each in updates]


def opened_app(data: bytes) -> None:
    """initData with a hash that is right, of fields one a line."""
    pairs = dict(line.partition("=")[::2] for line in data.decode(errors="replace").split("\n"))
    initdata.check(initdata.make(pairs, TOKEN), TOKEN, now=NOW)


KEY = archive.OfflineKey(seeded("offline"))


def archived(kind: archive.Kind, *records: bytes) -> bytes:
    file = io.BytesIO()
    writer = archive.Writer(file, kind, KEY.public)
    for each in records:
        writer.write(each)
    writer.close()
    return file.getvalue()


@cache
def kept_rows() -> tuple[bytes, ...]:
    """The rows of a small backup, its beginning first."""

    class Held(list[bytes]):
        write = list.append

        def close(self) -> None: ...

    store, _, _, _ = house()
    store.write_now(lambda tx: offices.admit(tx, WHEN))
    rows = Held()
    store.read_now(lambda tx: backup.make(tx, rows, Held(), WHEN))  # type: ignore[arg-type]
    return tuple(rows)


def put_back(data: bytes) -> None:
    """A backup with this row: whoever knows the public key can make one."""
    begin = kept_rows()[0]
    backup.rehearse([begin, data], [begin])


@cache
def scratch() -> Path:
    """A file for readers that want one."""
    house()
    return Path(house()[3].name) / "given"


def from_file(read: Callable[[Path], object], data: bytes) -> None:
    scratch().write_bytes(data)
    read(scratch())


def text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode(errors="replace"))


def secrets(path: Path) -> None:
    """A key file that is no dearer to try than a test can pay."""
    with dear_ones_refused():
        keyfile.read(path, "passphrase")


@contextmanager
def dear_ones_refused() -> Iterator[None]:
    derive = keyfile._key

    def cheap(passphrase: str, salt: bytes, cost: keyfile.Cost) -> bytes:
        return derive(passphrase, salt, keyfile.Cost.QUICK)

    keyfile._key = cheap
    try:
        yield
    finally:
        keyfile._key = derive


def key_file() -> bytes:
    keyfile.write(scratch(), b"secret", "passphrase", keyfile.Cost.QUICK)
    return scratch().read_bytes()


def papers(data: bytes) -> None:
    """A case file's travel paper, one field a line: both lines of it are of the form."""
    given = (data.decode(errors="replace").split("\n") + [""] * 9)[:9]
    made = mrz.lines(mrz.Papers(*given))
    assert {len(line) for line in made} in ({44}, {30})


LISTED = {"a.js": "00" * 32, "index.html": "11" * 32}
HEAD = json.dumps({"office": b64u(bytes(32)), "seq": 3, "link": b64u(bytes(32))}).encode()
CRYPTO = (CryptoError,)


@cache
def readers() -> dict[str, Reader]:
    """All of them, by name."""
    table = [
        vector("envelope", "bytes"),
        vector("open", "envelope"),
        vector("letter", "text", text=True),
        vector("words", "words", text=True),
        vector("slip", "slip"),
        vector("card", "card"),
        vector("addition", "wire"),
        vector("open attachment", "attachment"),
        vector("from office", "content"),
        vector("from contact", "content"),
        vector("follow", "roster"),
        vector("approvals", "approvals"),
        vector("go", "go"),
        vector("statement", "wire"),
        vector("undress", "text", text=True),
        Reader("records", record, (), small(record_seeds())),
        Reader("request", request, (), small(request_seeds())),
        Reader("armour", parcel, CRYPTO, small(parcel_seeds())),
        Reader("armour in parts", joined, (RelayError,), small(joined_seeds())),
        Reader("update", telegram, (), small(telegram_seeds())),
        Reader(
            "initData", opened_app, CRYPTO,
            (b'user={"id":7,"language_code":"fa"}\nauth_date=%d\nstart_param=a\nquery_id=b' % NOW,),
        ),
        Reader(
            "backup", lambda data: list(archive.read(io.BytesIO(data), archive.Kind.ROWS, KEY)), CRYPTO,
            (archived(archive.Kind.ROWS), archived(archive.Kind.ROWS, b"a", b"b" * 100)),
        ),
        Reader(
            "keys of a backup", lambda data: list(archive.read(io.BytesIO(data), archive.Kind.KEYS, KEY)), CRYPTO,
            (archived(archive.Kind.KEYS, bytes(32)),),
        ),
        Reader("rows of a backup", put_back, (CryptoError, RelayError, StoreError), small(list(kept_rows())), few=4),
        Reader("record", unrec, CRYPTO, (rec(b"a", rec(b"b", b"")), rec())),
        Reader("key file", partial(from_file, secrets), CRYPTO, (key_file(),)),
        Reader("office card", text(OfficeCard.from_text), CRYPTO, (OFFICE_CARD.text().encode(),)),
        Reader(
            "list of people", partial(from_file, csvfile.read), (UsageError,),
            (b"name,note,alias\nSara,tall,K-1\n", '\ufeffname;note\r\n"a\nb";c\r\n'.encode(), b"name\tnote\nx\ty"),
        ),
        Reader(
            "bundle.json", Bundle.parse, (BundleError,),
            (json.dumps({"hash": Bundle(LISTED).hash, "files": LISTED}).encode(),),
        ),
        Reader(
            "hash of a bundle", text(bundle.parse_hash), (BundleError,),
            (b"ab" * 32, bundle.groups("ab" * 32).encode()),
        ),
        Reader("witness", partial(from_file, witness.read), (ConfigError,), (HEAD, HEAD + b"\n" + HEAD)),
        Reader("photograph or voice note", media.clean, (UsageError,), (jpeg(60), webp(), webp(alpha=True), ogg())),
        Reader(
            "travel paper", papers, (UsageError,),
            (b"passport\nUTO\nEriksson\nAnna Maria\nL898902C3\nUTO\n1974-08-12\nF\n2012-04-15",),
        ),
    ]  # fmt: skip
    return {each.name: each for each in table}
