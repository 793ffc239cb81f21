"""What one phone stored, put into another: in the page that is used afterwards.

Playwright can do it, too, but opens a page of its own for it, which takes a fifth of a second for each test.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page

_PLACE = "/healthz"
"""A page without the app."""

_PUT = """async ({ indexedDB: databases, localStorage: entries }) => {
  const read = (value) => {
    if (typeof value !== 'object') return value;
    if ('v' in value) return { null: null, undefined: undefined }[value.v];
    if ('a' in value) return value.a.map(read);
    if ('o' in value) return Object.fromEntries(value.o.map(({ k, v }) => [k, read(v)]));
    if (value.ta?.k === 'ui8') return Uint8Array.from(atob(value.ta.b), (byte) => byte.charCodeAt(0));
    throw new Error(`a stored value of a kind unknown here: ${Object.keys(value)}`);
  };
  for (const { name, value } of entries) localStorage.setItem(name, value);
  for (const { name, version, stores } of databases) await new Promise((done, failed) => {
    const asked = indexedDB.open(name, version);
    asked.onerror = failed;
    asked.onupgradeneeded = () => { for (const store of stores) asked.result.createObjectStore(store.name); };
    asked.onsuccess = () => {
      const writing = asked.result.transaction(stores.map((store) => store.name), 'readwrite');
      for (const store of stores)
        for (const { key, value, valueEncoded } of store.records)
          writing.objectStore(store.name).put(valueEncoded === undefined ? value : read(valueEncoded), key);
      writing.onabort = failed;
      writing.oncomplete = () => { asked.result.close(); done(); };
    };
  });
}"""


def put(context: BrowserContext, state: Any) -> None:
    """Store what `context.storage_state(indexed_db=True)` gave, in a new page, which `page_of` then gives."""
    (origin,) = state["origins"]
    page = context.new_page()
    page.goto(origin["origin"] + _PLACE)
    page.evaluate(_PUT, {"indexedDB": origin["indexedDB"], "localStorage": origin["localStorage"]})


def page_of(context: BrowserContext) -> Page:
    """The page that the store was put in by, if nobody uses it yet; else a new one."""
    idle = (page for page in context.pages if page.url.endswith(_PLACE))
    return next(idle, None) or context.new_page()
