"""Dataclasses to JSON and back, for the sealed state: bytes are base64url, tuples are lists.

A small reader by type hints: the state is ours alone, so what does not fit its types is a damaged file.
"""

import dataclasses
import types
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from crypto.encoding import b64u, unb64u

T = TypeVar("T")
Json: TypeAlias = Any
Hint: TypeAlias = Any


def plain(value: object) -> Json:
    """`value` as JSON types."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, bytes):
        return b64u(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def typed(kind: type[T], value: Json) -> T:
    """JSON types as `kind`. Raises TypeError, ValueError or KeyError when they do not fit."""
    result: T = _typed(kind, value)
    return result


def _typed(kind: Hint, value: Json) -> Json:
    origin: Hint = get_origin(kind)
    arguments = get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(item for item in arguments if item is not type(None))
        return None if value is None else _typed(inner, value)
    if origin is list:
        return [_typed(arguments[0], item) for item in value]
    if origin is dict:
        return {key: _typed(arguments[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {key: _typed(hints[key], item) for key, item in value.items() if key in hints}
        return kind(**known)  # type: ignore[operator]  # a dataclass type, as asked just above
    if kind is bytes:
        return unb64u(value)
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}")
    return value
