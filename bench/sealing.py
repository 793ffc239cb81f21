"""Sealing to many recipients, against a bare loop over the primitives it cannot do without; and on two cores."""

import hashlib
import hmac
import secrets
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from nacl import bindings

from bench.figure import Bench, Figure, interleaved
from bench.processes import process
from crypto.content import Inner, Kind, TextMessage
from crypto.device import OwnerKind
from crypto.encoding import new_id
from crypto.keys import DeviceKeys, PrekeyPair, RootKeys
from crypto.prekey import HolderKind
from crypto.record import ZERO_32
from crypto.sealing import Recipient, seal
from desk.sealers import sealers

#: rounds, recipients, recipients on two cores
FULL, QUICK = (5, 10_000, 10_000), (3, 50, 201)
CORES = 2
NOW, DAY = 1_800_000_000, 86_400
KEYS = 50  # pairs to make; recipients repeat them, the work does not know


class Work:
    """One officer's message to `count` people; both sides in seconds of CPU, as neither waits for anything."""

    def __init__(self, count: int) -> None:
        office, officer = RootKeys.generate().office, new_id()
        self.sender = DeviceKeys.generate(office, OwnerKind.OFFICER, officer)
        pairs = [
            PrekeyPair.generate(
                office,
                HolderKind.DEVICE,
                new_id(),
                sequence=1,
                created=NOW,
                seal_until=NOW + 20 * DAY,
                delete_at=NOW + 40 * DAY,
            ).prekey
            for _ in range(min(count, KEYS))
        ]
        self.recipients = [Recipient(replace(pairs[n % len(pairs)], holder=new_id())) for n in range(count)]
        self.inner = Inner(
            secrets.token_bytes(32), Kind.TEXT, self.sender.record.device, new_id(), new_id(), 1, ZERO_32, NOW, 1,
            bytes(32), TextMessage("Stay where you are.").encode(),
        )  # fmt: skip

    def sealed(self, _round: int = 0) -> float:
        start = time.process_time()
        seal(self.inner, sender=self.sender, recipients=self.recipients, now=NOW, expires=NOW + 7 * DAY)
        return time.process_time() - start

    def shared(self, cores: int) -> float:
        """In seconds of the clock."""
        wrapper = sealers(lambda _done, _of: None, cores)
        start = time.perf_counter()
        seal(
            self.inner, sender=self.sender, recipients=self.recipients, now=NOW, expires=NOW + 7 * DAY,
            wrapper=wrapper,
        )  # fmt: skip
        return time.perf_counter() - start

    def bare(self, _round: int = 0) -> float:
        """Per recipient: ML-KEM, three X25519, the hash of the binding, HPKE's six HMACs, one AEAD."""
        own, aad, key = self.sender.dh_sk, bytes(32), bytes(32)
        mac = hmac.digest
        bound = bytes(2500)  # sender, prekey and ciphertext, as long as they are in an envelope
        start = time.process_time()
        for each in self.recipients:
            prekey = each.prekey
            shared, _ = MLKEM768PublicKey.from_public_bytes(prekey.kem_pk).encapsulate()
            ephemeral = secrets.token_bytes(32)
            bindings.crypto_scalarmult_base(ephemeral)
            dh = bindings.crypto_scalarmult(ephemeral, prekey.dh_pk) + bindings.crypto_scalarmult(
                own, prekey.dh_pk
            )
            info = hashlib.sha256(bound).digest()
            inner = mac(mac(bytes(32), dh, "sha256"), bound[:130], "sha256")
            context = mac(b"", info, "sha256")
            secret = mac(inner, shared, "sha256")
            aead, nonce = mac(secret, context * 2, "sha256"), mac(secret, context * 2, "sha256")[:12]
            bindings.crypto_aead_chacha20poly1305_ietf_encrypt(key, aad, nonce, aead)
        return time.process_time() - start


def run(quick: bool, folder: Path) -> list[Figure]:  # noqa: ARG001 - no files
    rounds, count, many = QUICK if quick else FULL
    work = Work(count)
    work.sealed()
    work.bare()
    one, limit = interleaved(rounds, work.sealed, work.bare)
    crowd = Work(many)
    together, alone = interleaved(rounds, lambda _: crowd.shared(CORES), lambda _: crowd.shared(1))
    machine = _scaling(rounds, count)
    return [
        Figure(
            f"sealing to {count:,} recipients",
            "a loop over PyNaCl, ML-KEM and HPKE's HMACs",
            [theirs / mine for mine, theirs in zip(one, limit, strict=True)],
            goal=0.90,
            note=f"{median(one) / count * 1e6:.0f} µs against {median(limit) / count * 1e6:.0f} µs each",
        ),
        Figure(
            f"sealing to {len(crowd.recipients):,} recipients on two cores",
            "on one",
            [single / both for single, both in zip(alone, together, strict=True)],
            goal=1.6,
            note=f"{median(together):.2f} s against {median(alone):.2f} s; "
            f"two bare loops at once scale by {machine:.2f}",
        ),
    ]


def _scaling(rounds: int, count: int) -> float:
    """What the machine gives: the bare loop in two processes at once, by the time of one alone, interleaved."""
    with process(_worker, count) as first, process(_worker, count) as second:
        for pipe in (first, second):
            pipe.recv()
        return median([2 * _timed(first) / _timed(first, second) for _ in range(rounds)])


def _timed(*pipes: Connection) -> float:
    start = time.perf_counter()
    for pipe in pipes:
        pipe.send("go")
    for pipe in pipes:
        pipe.recv()
    return time.perf_counter() - start


def _worker(pipe: Connection, count: int) -> None:
    work = Work(count)
    work.bare()
    pipe.send("ready")
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        work.bare()
        pipe.send("done")


BENCH = Bench("sealing", "the envelope costs little more than its primitives", run)
