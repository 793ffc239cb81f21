/** The one place that touches IndexedDB. Values are structured clones; whatever is private is sealed before (safe.ts). */
import { clear, createStore, del, get, set, setMany } from "idb-keyval";

const DATABASE = "qasid";
/** Where the lock keeps its record: while there is one, there is something behind it. */
export const LOCK = "lock";
const store = createStore(DATABASE, "values");

export function read<T>(key: string): Promise<T | undefined> {
  return get<T>(key, store);
}

export function write(key: string, value: unknown): Promise<void> {
  return set(key, value, store);
}

/** Writes all or none of the entries: one transaction. */
export function writeAll(entries: [string, unknown][]): Promise<void> {
  return setMany(entries, store);
}

export function remove(key: string): Promise<void> {
  return del(key, store);
}

/** Empties everything. */
export function erase(): Promise<void> {
  return clear(store);
}

/** Asks the browser not to empty this storage when space runs short; it may decline. */
export async function persist(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // Old WebViews have no storage manager: nothing to ask.
  }
}
