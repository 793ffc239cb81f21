/**
 * The key file where the browser keeps nothing for this page: what changed is in this window alone, sealed, until the
 * file is saved again.
 */
import { computed, signal } from "@preact/signals";
import * as keyfile from "../keyfile.ts";
import type { Unlocked } from "../lock.ts";
import { Safe } from "../safe.ts";
import { get, open, unseal, type Parts } from "../state.ts";
import { changes, lasting } from "./disk.ts";

const SAFE = "file";

/** Stays while the page is locked; it opens nothing without the PIN. */
let shut: keyfile.Shut | null = null;
let opened: keyfile.Opened | null = null;
/** What `changes` was when the file was saved last. */
const saved = signal(0);

/** True while the file does not hold what this window does. */
export const unsaved = computed(() => lasting.value === false && shut !== null && changes.value > saved.value);

/** Begins with what the file held. */
export async function hold(from: keyfile.Shut, key: keyfile.Opened, parts: Parts): Promise<void> {
  [shut, opened] = [from, key];
  await unseal(new Safe(key.key, SAFE), parts);
  saved.value = changes.value;
}

/** Opens again with the file's PIN. */
export async function unlock(pin: string): Promise<Unlocked> {
  if (!shut) throw new Error("no key file was opened");
  try {
    const again = (await keyfile.open(shut, pin)).opened;
    opened = { ...again, generation: opened?.generation ?? again.generation };
    await unseal(new Safe(again.key, SAFE));
    return { state: "open", id: SAFE, key: again.key };
  } catch (error) {
    if (error instanceof keyfile.WrongPin) return { state: "wrong", wait: 0 };
    throw error;
  }
}

/** The file's text with all that this window holds now. */
export function text(): string {
  if (!opened || !open.value) throw new Error("the page is locked");
  const sealed = keyfile.seal(opened, {
    self: get("self"),
    office: get("office"),
    ledger: get("ledger"),
    messages: get("messages"),
    notices: get("notices"),
    settings: get("settings"),
    about: get("about"),
    queue: get("queue"),
  });
  opened = sealed.opened;
  saved.value = changes.value;
  return sealed.text;
}

/** Forgets the file that was opened. */
export function drop(): void {
  [shut, opened] = [null, null];
}

/** Asks before the window is closed while something is in it alone. */
export function guard(): void {
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.value) event.preventDefault();
  });
}
