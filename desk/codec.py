"""Dataclasses to JSON and back, for the sealed state: bytes are base64url, tuples are lists.

A small reader by type hints: the state is ours alone, so what does not fit its types is a damaged file.
"""

import dataclasses
from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from crypto.encoding import b64u, unb64u

T = TypeVar("T")
Json: TypeAlias = Any
Hint: TypeAlias = Any
Reader: TypeAlias = Callable[[Any], Any]


def plain(value: object) -> Json:
    """`value` as JSON types."""
    if isinstance(value, bytes):
        return b64u(value)
    if dataclasses.is_dataclass(value):
        return {name: plain(each) for name, each in vars(value).items()}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def typed(kind: type[T], value: Json) -> T:
    """JSON types as `kind`. Raises TypeError, ValueError or KeyError when they do not fit."""
    hint: Hint = kind
    result: T = _reader(hint)(value)
    return result


@cache
def _reader(kind: Hint) -> Reader:
    """A function that reads `kind`; made once per type, because a state holds many thousands of each."""
    origin: Hint = get_origin(kind)
    arguments = get_args(kind)
    if origin is list:
        item = _reader(arguments[0])
        return lambda value: [item(each) for each in value]
    if origin is dict:
        item = _reader(arguments[1])
        return lambda value: {key: item(each) for key, each in value.items()}
    if dataclasses.is_dataclass(kind):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        # A field unknown here was written by a newer version: a KeyError, rather than losing it at the next save.
        make: Hint = kind
        return lambda value: make(**{name: readers[name](each) for name, each in value.items()})
    return unb64u if kind is bytes else partial(_exactly, kind)


def _exactly(kind: type, value: Json) -> Json:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}")
    return value
