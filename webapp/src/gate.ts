/** Locking and erasing, which need no key. What takes the PIN is opening.ts; what happens inside is beat.ts. */
import { signal } from "@preact/signals";
import { Answered } from "./faults.ts";
import { call, hangUp } from "./relay.ts";
import * as safes from "./safes.ts";
import * as securestore from "./securestore.ts";
import { newcomer, open, seal, whose } from "./state.ts";

const HIDDEN_LIMIT = 60_000;

/** Set after erasing: whether the relay knows. */
export const erased = signal<"told" | "owed" | null>(null);

/** Forgets whoever is in, and ends what is under way for them: the next to open may be somebody else. */
export function lockNow(): void {
  if (open.value) hangUp();
  seal();
}

/** Locks a minute after the app was hidden. */
export function watchHidden(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      since = Date.now();
      timer = setTimeout(lockNow, HIDDEN_LIMIT);
    } else if (open.value && Date.now() - since >= HIDDEN_LIMIT) {
      // Timers sleep in a hidden page: the clock tells.
      lockNow();
    }
  });
}

/**
 * Erases what the person who is in keeps on this phone; everything and everybody's while it is locked, for nobody can
 * tell then who asks. Tells the relay. With `spent`, that one's alone, and while others stay nothing is seen of it.
 */
export async function wipe(spent?: string): Promise<void> {
  const id = spent ?? whose();
  lockNow();
  const gone = await safes.remove(id);
  newcomer.value = null;
  if (!spent || !gone) erased.value = "owed";
  // Without a name everything in the keystore goes: right when nobody stays.
  if (!gone || gone.keystore) void securestore.forget(gone?.keystore ?? undefined);
  await payFarewells();
}

/** Hands over the farewells that are still owed. */
export async function payFarewells(): Promise<void> {
  const owed = await safes.owed();
  const done: string[] = [];
  for (const farewell of owed) {
    try {
      await call("POST", "wipes", undefined, JSON.stringify({ wipe: farewell }));
    } catch (error) {
      if (!(error instanceof Answered) || error.passing) continue;
    }
    done.push(farewell);
  }
  if (done.length > 0) await safes.paid(done);
  if (erased.value && done.length === owed.length) erased.value = "told";
}
