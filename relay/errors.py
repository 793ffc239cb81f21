"""One error for all rules: a code for programs, a sentence for people, a kind for the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from crypto.errors import Malformed, Refused
from store.errors import StoreError

__all__ = ["Kind", "RelayError", "StoreError", "checked"]


class Kind(Enum):
    """What sort of refusal it is; the value is the HTTP status the API answers with."""

    MALFORMED = 400
    UNSIGNED = 401
    FORBIDDEN = 403
    MISSING = 404
    CONFLICT = 409
    GONE = 410
    TOO_LARGE = 413
    UNACCEPTABLE = 422
    TOO_MANY = 429
    UNAVAILABLE = 503


class RelayError(Exception):
    """A rule said no. `message` says what happened and what to do, and repeats nothing of what was sent."""

    def __init__(self, code: str, message: str, kind: Kind) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.kind = kind


@contextmanager
def checked(code: str = "refused", kind: Kind = Kind.FORBIDDEN) -> Iterator[None]:
    """Turn the cryptography's errors into ours: Malformed is always 400, Refused gets this code and kind."""
    try:
        yield
    except Malformed as error:
        raise RelayError("malformed", str(error), Kind.MALFORMED) from error
    except Refused as error:
        raise RelayError(code, str(error), kind) from error
