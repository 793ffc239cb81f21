"""What draws of `secrets` are, where a picture must come out the same each time."""

from hashlib import sha256
from itertools import count


class Dice:
    """What is needed of `secrets`, drawing the same each time."""

    def __init__(self) -> None:
        self._drawn = count()

    def token_bytes(self, size: int) -> bytes:
        drawn = (sha256(str(next(self._drawn)).encode()).digest() for _ in range(0, size, 32))
        return b"".join(drawn)[:size]

    def randbelow(self, end: int) -> int:
        return int.from_bytes(self.token_bytes(8)) % end

    def choice(self, among: str) -> str:
        return among[self.randbelow(len(among))]
