/** The locks of all safes on this phone: one for each person who uses it, under one salt (docs/decisions/0004). */
import * as disk from "./disk.ts";

/** Where they are kept: while there is this, there is something behind it. */
export const LOCK = "lock";
/** The first safe keeps the name it had when there could be only one. */
export const FIRST = "safe";

export interface SafeLock {
  /** Random, and a part of the names under which the safe's parts are kept. */
  id: string;
  /** What the PIN ends in, so that no two people can have the same one; nothing for whoever came first. */
  tail: string;
  /** The name of its second key in the phone's keystore, or null where there is none. */
  keystore: string | null;
  nonce: Uint8Array;
  wrapped: Uint8Array;
  failures: number;
  /** Unix seconds of the phone's own clock before which no try is taken. */
  notBefore: number;
  /** Whether ten wrong PINs in a row erase it, as its person wished. */
  fragile?: boolean;
  /** The statement that makes the relay forget this person's phone. */
  farewell: string;
}

export interface Locks {
  salt: Uint8Array;
  passes: number;
  mib: number;
  safes: SafeLock[];
}

/** What a phone kept that was set up when there could be only one safe. */
type Single = Omit<Locks, "safes"> & Omit<SafeLock, "id" | "tail" | "keystore" | "farewell"> & { keystore: boolean };

/** The locks, or undefined on a phone that nobody has set up. */
export async function read(): Promise<Locks | undefined> {
  const kept = await disk.read<Locks | Single>(LOCK);
  if (!kept || "safes" in kept) return kept;
  const { salt, passes, mib, ...only } = kept;
  const farewell = (await disk.read<string>("farewell")) ?? "";
  const safe = { ...only, id: FIRST, tail: "", keystore: only.keystore ? "qasid" : null, farewell };
  const locks = { salt, passes, mib, safes: [safe] };
  await disk.change([[LOCK, locks]], ["farewell"]);
  return locks;
}

export function write(locks: Locks): Promise<void> {
  return disk.change([[LOCK, locks]]);
}

/**
 * Takes one safe off this phone, key and parts, or everything when none is named or nobody else stays. What it owes the
 * relay is kept. Returns the safe that was taken off while others stay.
 */
export async function remove(id: string | null): Promise<SafeLock | undefined> {
  const [locks, debts, names] = [await read(), await owed(), await disk.names()];
  const rest = locks?.safes.filter((safe) => id && safe.id !== id) ?? [];
  const gone = locks?.safes.filter((safe) => !rest.includes(safe)) ?? [];
  for (const { farewell } of gone) if (farewell) debts.push(farewell);
  const kept: [string, unknown][] = debts.length > 0 ? [[OWED, debts]] : [];
  if (!locks || rest.length === 0) {
    await disk.change(kept, names);
    await leave();
    return undefined;
  }
  await disk.change(
    [...kept, [LOCK, { ...locks, safes: rest }]],
    names.filter((name) => name.startsWith(`${id ?? ""}/`)),
  );
  return gone[0];
}

/** Farewells that the relay has not taken yet: they say who leaves, and open nothing. */
const OWED = "owed";

export async function owed(): Promise<string[]> {
  return [(await disk.read<string | string[]>(OWED)) ?? []].flat();
}

/** Forgets farewells that are done with. */
export async function paid(done: string[]): Promise<void> {
  const rest = (await owed()).filter((farewell) => !done.includes(farewell));
  await disk.change(rest.length > 0 ? [[OWED, rest]] : [], [OWED]);
  await leave();
}

/** When nothing is kept any more, the database goes, too: as soon as no other window has it open. */
async function leave(): Promise<void> {
  if ((await disk.names()).length === 0) disk.destroy().catch(() => undefined);
}
