"""Types of what goes over the wire."""

from typing import Any, TypeAlias

#: A JSON object.
Json: TypeAlias = dict[str, Any]
#: Any JSON value: what it is has still to be checked, or is for the caller to know.
Value: TypeAlias = Any
