"""Texts a bot sends: parse_mode HTML, entities of its own, and what Telegram marks by itself."""

from html import unescape
from html.parser import HTMLParser

from emulator.entities import detect, utf16_length
from emulator.errors import BotApiError, bad_request
from emulator.wire import Json, Value

Entities = list[Json]
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def parse(text: str, mode: str, entities: Value) -> tuple[str, Entities]:
    """The text without markup and outer whitespace, and its entities; raises 400.

    Markdown is not emulated and refused, rather than shown as it stands.
    """
    marked: Entities = []
    if mode.lower() == "html":
        parser = _Html()
        parser.feed(text)
        parser.close()
        text, marked = parser.result()
    elif mode:
        known = mode.lower() in {"markdown", "markdownv2"}
        raise bad_request("the emulator parses no Markdown: use HTML" if known else "unsupported parse_mode")
    elif entities:
        marked = [_checked(entity, utf16_length(text)) for entity in entities]
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    length = utf16_length(text)
    marked = [_shifted(entity, lead, length) for entity in marked]
    found = [entity for entity in detect(text) if not any(_overlap(entity, other) for other in marked)]
    kept = [entity for entity in marked if entity["length"] > 0]
    return text, sorted(kept + found, key=lambda entity: (entity["offset"], -entity["length"]))


def _checked(entity: Value, length: int) -> Json:
    if not isinstance(entity, dict) or not {"type", "offset", "length"} <= set(entity):
        raise bad_request("can't parse MessageEntity: type, offset and length are required")
    if not isinstance(entity["type"], str) or not all(
        isinstance(entity[k], int) for k in ("offset", "length")
    ):
        raise bad_request("can't parse MessageEntity: wrong type of a field")
    if not (entity["offset"] >= 0 and entity["length"] > 0 and entity["offset"] + entity["length"] <= length):
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text"
        )
    return entity


def _shifted(entity: Json, lead: int, length: int) -> Json:
    start = max(0, entity["offset"] - lead)
    end = min(length, entity["offset"] + entity["length"] - lead)
    return {**entity, "offset": start, "length": end - start}


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def _stray(tag: str) -> BotApiError:
    return bad_request(f'can\'t parse entities: Unsupported start tag "{tag}"')


class _Html(HTMLParser):
    """Telegram's small HTML: known tags only, each closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._units = 0
        self._open: list[tuple[str, int, Json]] = []
        self._entities: Entities = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = _TAGS.get(tag)
        if tag == "span" and ("class", "tg-spoiler") in attrs:
            kind = "spoiler"
        if kind is None:
            raise _stray(tag)
        href = dict(attrs).get("href") if tag == "a" else None
        self._open.append((tag, self._units, {"type": kind, **({"url": href} if href else {})}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad_request(f'can\'t parse entities: Unexpected end tag "{tag}"')
        _, start, entity = self._open.pop()
        if self._units > start and (entity["type"] != "text_link" or "url" in entity):
            self._entities.append({**entity, "offset": start, "length": self._units - start})

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise _stray("")
        self._add(data)

    def _add(self, data: str) -> None:
        self._parts.append(data)
        self._units += utf16_length(data)

    def handle_entityref(self, name: str) -> None:
        self._add(_NAMED.get(name, f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._add(unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        raise _stray(data)

    def handle_decl(self, decl: str) -> None:
        raise _stray(decl)

    def handle_pi(self, data: str) -> None:
        raise _stray(data)

    def unknown_decl(self, data: str) -> None:
        raise _stray(data)

    def result(self) -> tuple[str, Entities]:
        if self._open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1][0]}\""
            )
        return "".join(self._parts), self._entities
