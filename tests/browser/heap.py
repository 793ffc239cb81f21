"""What a page still has in its memory once everything that nobody refers to was collected."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, Page

#: Notes each array of bytes that is made, and keeps none of them: no debugger shows what stands in one.
_WATCH = """{
  const made = [];
  const watched = new Proxy(Uint8Array, { construct(target, given, self) {
    const array = Reflect.construct(target, given, self);
    if (array.length >= 32) made.push(new WeakRef(array));
    return array;
  } });
  // What is cut or copied from an array is made by the constructor it names.
  Object.defineProperty(Uint8Array.prototype, 'constructor', { value: watched });
  window.Uint8Array = watched;
  const text = (bytes) => new TextDecoder('latin1').decode(bytes);
  window.alive = (wanted) => {
    const buffers = new Set(made.map((one) => one.deref()?.buffer).filter(Boolean));
    const whole = [...buffers].map(text).join('\\n');
    return wanted.map((hex) => whole.includes(text(Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16)))));
  };
}"""


def watch(context: BrowserContext) -> None:
    """From now on pages note what `Heap` needs."""
    context.add_init_script(_WATCH)


class Heap:
    """The memory of one page as it was when this was made."""

    def __init__(self, page: Page) -> None:
        self._page = page
        debugger = page.context.new_cdp_session(page)
        parts: list[str] = []
        debugger.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
        debugger.send("HeapProfiler.enable")
        debugger.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        debugger.detach()
        whole = "".join(parts)
        # Its last part: an array of all strings there are.
        strings: list[str] = json.loads(whole[whole.rindex('"strings":[') + len('"strings":') : -1])
        self._strings = "\n".join(strings)

    def holds(self, *secrets: str | bytes) -> list[bool]:
        """Of each, whether a string, or an array of bytes, has it within."""
        alive: list[bool] = self._page.evaluate(
            "(wanted) => alive(wanted)", [each.hex() for each in secrets if isinstance(each, bytes)]
        )
        rest = iter(alive)
        return [each in self._strings if isinstance(each, str) else next(rest) for each in secrets]
