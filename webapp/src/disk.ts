/** The one place that touches IndexedDB. Values are structured clones; whatever is private is sealed before (safe.ts). */
import { createStore, get, keys, promisifyRequest } from "idb-keyval";

// The officers' page has the same address, and keeps its own.
const DATABASE = import.meta.env.MODE === "officer" ? "qasid-officer" : "qasid";
let store = createStore(DATABASE, "values");

export function read<T>(key: string): Promise<T | undefined> {
  return get<T>(key, store);
}

/** The keys of everything kept. */
export function names(): Promise<string[]> {
  return keys<string>(store);
}

/** Removes what is gone, then writes the entries; all or none of it: one transaction. */
export function change(entries: [string, unknown][], gone: string[] = []): Promise<void> {
  return store("readwrite", (values) => {
    for (const key of gone) values.delete(key);
    for (const [key, value] of entries) values.put(value, key);
    return promisifyRequest(values.transaction);
  });
}

/** Takes away the database itself: its name alone would tell. It is made anew with the next use. */
export async function destroy(): Promise<void> {
  const database = await store("readonly", ({ transaction }) => transaction.db);
  store = createStore(DATABASE, "values");
  database.close();
  await promisifyRequest(indexedDB.deleteDatabase(DATABASE));
}

/** Asks the browser not to empty this storage when space runs short; it may decline. */
export async function persist(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // Old WebViews have no storage manager: nothing to ask.
  }
}
