"""Sentences from `locales/`, in the languages people read. Code passes finished strings: see dates.py."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Fluent takes long to load, and every command of the desk would wait for it
    from fluent.runtime import FluentBundle

#: Beside the packages, in a work tree as in an installed wheel.
LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"
LANGUAGES: Final = ("en", "fa-AF", "ps-AF")


def source(language: str, name: str) -> str:
    """The whole catalogue `locales/<language>/<name>.ftl`."""
    return (LOCALES / language / f"{name}.ftl").read_text(encoding="utf-8")


@cache
def variables(language: str, name: str) -> Mapping[str, frozenset[str]]:
    """Every message of a catalogue, in its order, with the values it takes."""
    from fluent.syntax import FluentParser, ast  # noqa: PLC0415 – only who needs words waits for them
    from fluent.syntax.visitor import Visitor  # noqa: PLC0415 – as above

    class Variables(Visitor):
        def __init__(self) -> None:
            self.found: set[str] = set()

        def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 – the visitor's naming
            self.found.add(node.id.name)

    messages: dict[str, frozenset[str]] = {}
    for entry in FluentParser().parse(source(language, name)).body:
        if isinstance(entry, ast.Message):
            variables = Variables()
            variables.visit(entry)
            messages[entry.id.name] = frozenset(variables.found)
    return messages


def render(language: str, name: str, key: str, values: Mapping[str, str | int] | None = None) -> str:
    """A message of a catalogue. Raises KeyError for an unknown one, ValueError when a value is missing."""
    bundle = _bundle(language, name)
    if not bundle.has_message(key) or (pattern := bundle.get_message(key).value) is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(pattern, dict(values or {}))
    if errors:
        raise ValueError(f"message {key} in {language}: {errors[0]}")
    return str(text)


@cache
def _bundle(language: str, name: str) -> "FluentBundle":
    from fluent.runtime import FluentBundle, FluentResource  # noqa: PLC0415 – only who needs words waits for them

    # No isolation marks: they would be copied along with what they isolate.
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(source(language, name)))
    return bundle
