"""A backup that erasure reaches: a contact's rows are sealed with the contact's own key, which stands in another file.

Of that file there is the latest copy alone. Whoever was erased has no key in it, so that no backup, however old,
holds anything of them that could be read. Telegram ids are sealed by the vault besides, whose key is in neither.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crypto import archive
from crypto.archive import Writer
from crypto.encoding import moment, unix
from crypto.errors import Malformed, Refused
from crypto.record import rec, unrec
from relay import clearances
from relay.errors import Kind, RelayError
from relay.unit import Tx, Vault
from store import accounts, backup, migrate, notices
from store.backup import Counts, Restoring
from store.owners import COMMON, Owner, Ways

_COMMON, _OWN = b"common", b"own"
_MARK: Final = 16
Tick = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, rows by table, and how many contacts were left out because they have no key."""

    rows: Counts
    erased: int
    made_at: datetime


def size(tx: Tx) -> int:
    """How many rows `make` goes through."""
    return backup.size(tx)


def make(tx: Tx, rows: Writer, keys: Writer, now: datetime, tick: Tick = lambda: None) -> Counts:
    """Write what is to be kept, and the contacts' keys, into two files and end them; rows by table."""
    held = backup.secrets(tx)
    for file in (rows, keys):
        file.write(rec(migrate.head().encode(), str(unix(now)).encode()))
    for secret in sorted(held.values()):  # in an order that says nothing
        keys.write(secret)
    counts = Counts()
    for kept in backup.rows(tx):
        tick()
        if kept.ways:
            rows.write(_sealed(kept.ways, kept.data, held))
            counts[kept.table] += kept.whole
    rows.close()
    keys.close()
    return counts


def restore(
    tx: Tx,
    vault: Vault,
    rows: Iterable[bytes],
    keys: Iterable[bytes],
    *,
    now: datetime,
    tick: Tick = lambda: None,
) -> Restored:
    """Put everything back into an empty database; the vault's key is to open its Telegram ids.

    What was scheduled is withheld until it is approved and sealed anew: it may have been called off since. Raises
    RelayError `database_not_empty`, `other_schema`, `older_keys`, `other_vault`; CryptoError for files that are not as
    they were written.
    """
    if not backup.is_empty(tx):
        raise RelayError(
            "database_not_empty",
            "the database is not empty: name a new one with QASID_DATABASE_URL and run qasid migrate",
            Kind.CONFLICT,
        )
    found = _put_back(tx, iter(rows), iter(keys), tick)
    _check_vault(tx, vault)
    for row in notices.scheduled(tx):
        clearances.withhold(tx, row, notices.RESTORED, now)
    return found


def rehearse(rows: Iterable[bytes], keys: Iterable[bytes]) -> Restored:
    """Put everything back into memory alone, to see that it can be done; raises as `restore`."""
    with backup.scratch() as tx:
        return _put_back(tx, iter(rows), iter(keys), lambda: None)


def _check_vault(tx: Tx, vault: Vault) -> None:
    sealed = accounts.any_sealed(tx)
    if sealed is not None:
        try:
            vault.open_id(sealed)
        except Refused:
            raise RelayError(
                "other_vault",
                "the vault key here is not the one the backup's Telegram ids were sealed with: put that one in its "
                "place (it is in no backup of the database)",
                Kind.CONFLICT,
            ) from None


def _put_back(tx: Tx, rows: Iterator[bytes], keys: Iterator[bytes], tick: Tick) -> Restored:
    revision, made_at = _begin(rows)
    _, keys_made_at = _begin(keys)
    if revision != migrate.head():
        raise RelayError(
            "other_schema",
            "the backup was made by another version of Qasid: restore it with that version, then upgrade the database",
            Kind.CONFLICT,
        )
    if keys_made_at < made_at:
        raise RelayError(
            "older_keys",
            "the contacts' keys are older than the backup: name the newest file of keys with --keys",
            Kind.CONFLICT,
        )
    into, secrets = Restoring(tx), {archive.mark(secret): secret for secret in keys}
    unknown: set[bytes] = set()
    for record in rows:
        tick()
        opened, missing = _opened(record, secrets)
        unknown |= missing
        if opened is not None:
            into.put(*opened)
    into.finish()
    return Restored(into.counts, len(unknown), made_at)


def _sealed(ways: Ways, data: bytes, held: Mapping[Owner, bytes]) -> bytes:
    """A row as it stands in the file: as it is, or once for each way in which it may be read."""
    if ways == COMMON:
        return rec(_COMMON, data)
    copies = []
    for way in ways:
        keys = [held[owner] for owner in way]
        copies += [b"".join(map(archive.mark, keys)), archive.seal_row(keys, data)]
    return rec(_OWN, *copies)


def _opened(
    record: bytes, secrets: Mapping[bytes, bytes]
) -> tuple[tuple[bytes, list[bytes]] | None, set[bytes]]:
    """The row with the keys it took, or None; and the marks of keys that are not there."""
    kind, *parts = unrec(record) or [b""]
    if kind == _COMMON and len(parts) == 1:
        return (parts[0], []), set()
    if kind != _OWN or len(parts) % 2:
        raise Malformed("the backup holds a row of a form that this program does not know")
    unknown, opened = set(), None
    for marks, sealed in zip(parts[::2], parts[1::2], strict=True):
        named = [marks[at : at + _MARK] for at in range(0, len(marks), _MARK)]
        missing = {each for each in named if each not in secrets}
        unknown |= missing
        if not missing and opened is None:
            keys = [secrets[each] for each in named]
            opened = (archive.open_row(keys, sealed), keys)
    return opened, unknown


def _begin(source: Iterator[bytes]) -> tuple[str, datetime]:
    """The schema's revision and when the file was made."""
    begin = unrec(next(source, b""))
    try:
        revision, at = begin
        return revision.decode(), moment(int(at))
    except ValueError:
        raise Malformed("the file does not begin as it should: take another copy") from None
