"""What a desk keeps, to bytes and back: MessagePack by msgspec, for a state of 15,000 contacts in well under a second.

The state is the desk's alone, so what does not fit its types is a damaged file. JSON, with bytes in base64url, is what
desks wrote before: it is read still, and gone at their next save.
"""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from crypto.encoding import unb64u

Json: TypeAlias = Any
Hint: TypeAlias = Any
Reader: TypeAlias = Callable[[Any], Any]


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """What stands in sealed files.

    A field unknown here was written by a newer version: the file is refused, rather than the field lost.
    """


K = TypeVar("K", bound=Kept)


def encode(value: Kept) -> bytes:
    """`value` as bytes, which `decode` reads."""
    return msgspec.msgpack.encode(value)


def decode(kind: type[K], data: bytes) -> K:
    """What `encode` was given. Raises ValueError when it does not fit `kind`."""
    if not data.startswith(b"{"):
        return msgspec.msgpack.decode(data, type=kind)
    try:
        before: K = _reader(kind)(json.loads(data))
    except (TypeError, KeyError, AttributeError) as unfit:
        raise ValueError("JSON of another form") from unfit
    return before


@cache
def _reader(kind: Hint) -> Reader:
    """A function that reads JSON as `kind`."""
    origin: Hint = get_origin(kind)
    arguments = get_args(kind)
    if origin is list:
        item = _reader(arguments[0])
        return lambda value: [item(each) for each in value]
    if origin is dict:
        item = _reader(arguments[1])
        return lambda value: {key: item(each) for key, each in value.items()}
    if issubclass(kind, Kept):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda value: kind(**{name: readers[name](each) for name, each in value.items()})
    return unb64u if kind is bytes else partial(_exactly, kind)


def _exactly(kind: type, value: Json) -> Json:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}")
    return value
