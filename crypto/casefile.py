"""A case file: what somebody tells their office about themselves, field by field (PROTOCOL section 6)."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from crypto.record import U32, Listed, Nested, Record, Utf8

MOST_FIELDS: Final = 32
FAMILY: Final = "family"
"""The group of fields that tells of those who travel with somebody."""
CODE: Final = re.compile(r"[a-z]{1,16}-[a-z]{1,16}")
"""A field as the form names it: `group-name`."""


@dataclass(frozen=True, slots=True)
class Field(Record):
    """One field by its code, `group-name`, and what was written there; nothing, where it is taken back."""

    code: Annotated[str, Utf8(pattern=CODE)]
    text: Annotated[str, Utf8(2000)]

    @property
    def group(self) -> str:
        """What a consent to sharing names."""
        return self.code.partition("-")[0]


Fields = Annotated[
    tuple[Field, ...], Listed(Nested(Field), most=MOST_FIELDS, key=lambda field: field.code.encode())
]


@dataclass(frozen=True, slots=True)
class CaseFile(Record):
    """Fields as they stand now, by version `form` of the form; those it does not name stay as they were."""

    form: U32
    fields: Fields
