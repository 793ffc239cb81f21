/**
 * Storage of a page opened from a file: IndexedDB where it truly works, else this window's memory, and then what counts
 * is the key file (file.ts). Browsers differ (docs/ARCHITECTURE.md), so it is tried, not asked.
 *
 * Chromium has one storage for all pages opened from files. What is private is sealed before it comes here (safe.ts).
 */
import { signal } from "@preact/signals";
import type * as online from "../disk.ts";

const DATABASE = "qasid-offline";
const STORE = "values";
const PATIENCE = 3000;

/** Whether what is kept outlives this window; null until it was tried. */
export const lasting = signal<boolean | null>(null);
/** Rises with each change of what belongs behind the lock. */
export const changes = signal(0);

const memory = new Map<string, unknown>();

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("the storage does not work"));
    };
  });
}

/** One transaction on a connection of its own: none is left open that would keep the database from being deleted. */
async function within<T>(mode: IDBTransactionMode, act: (values: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE);
  };
  const database = await done(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const finished = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => {
        resolve();
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error("the storage did not keep it"));
      };
    });
    const [result] = await Promise.all([act(transaction.objectStore(STORE)), finished]);
    return result;
  } finally {
    database.close();
  }
}

/** Writes, reads back over another connection, and takes away again. */
async function works(): Promise<boolean> {
  const mark = crypto.getRandomValues(new Uint32Array(1))[0];
  const late = new Promise<boolean>((resolve) => {
    setTimeout(resolve, PATIENCE, false);
  });
  const tried = async (): Promise<boolean> => {
    await within("readwrite", (values) => done(values.put(mark, "probe")));
    const same = (await within("readonly", (values) => done<unknown>(values.get("probe")))) === mark;
    await within("readwrite", (values) => done(values.delete("probe")));
    return same;
  };
  try {
    return await Promise.race([tried(), late]);
  } catch {
    return false;
  }
}

let trial: Promise<boolean> | undefined;

async function kept(): Promise<boolean> {
  return (lasting.value = await (trial ??= works()));
}

export const read: typeof online.read = async <T>(key: string) => {
  const value = (await kept()) ? within("readonly", (values) => done<unknown>(values.get(key))) : memory.get(key);
  return (await value) as T | undefined;
};

export const names: typeof online.names = async () => {
  if (!(await kept())) return [...memory.keys()];
  return (await within("readonly", (values) => done(values.getAllKeys()))) as string[];
};

export async function change(entries: [string, unknown][], gone: string[] = []): Promise<void> {
  if (await kept()) {
    await within("readwrite", async (values) => {
      const asked = [...gone.map((key) => values.delete(key)), ...entries.map(([key, value]) => values.put(value, key))];
      await Promise.all(asked.map((request) => done(request as IDBRequest<unknown>)));
    });
  } else {
    for (const key of gone) memory.delete(key);
    for (const [key, value] of entries) memory.set(key, value);
  }
  if (entries.some(([key]) => key.includes("/"))) changes.value += 1;
}

export const persist: typeof online.persist = async () => {
  try {
    await navigator.storage.persist();
  } catch {
    // Nothing to ask, or it may not be asked from a file.
  }
};

/** Takes away the database itself: its name alone would tell. */
export async function destroy(): Promise<void> {
  memory.clear();
  if (await kept()) await done(indexedDB.deleteDatabase(DATABASE));
}
