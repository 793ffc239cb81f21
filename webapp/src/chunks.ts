/**
 * The parts of the app that follow the first screen: fetched at the first quiet moment, in the order they are needed,
 * so that they are there when the network is not.
 */
import { signal } from "@preact/signals";
import type * as About from "./about.tsx";
import type * as Attach from "./attach.tsx";
import type * as Core from "./core.ts";
import { Offline } from "./faults.ts";
import type * as Inside from "./inside.tsx";
import type * as Referral from "./referral.tsx";
import { speakMore } from "./strings.ts";

export const core = signal<typeof Core | null>(null);
export const inside = signal<typeof Inside | null>(null);
export const about = signal<typeof About | null>(null);
export const attach = signal<typeof Attach | null>(null);
export const referral = signal<typeof Referral | null>(null);

/** Throws Offline when a part cannot be had; the next call tries again. */
async function had<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new Offline();
  }
}

/** A part and what it says, side by side: one after the other costs a round trip. */
async function both<T>(part: Promise<T>, words: 2 | 3 | 4): Promise<T> {
  const [loaded] = await Promise.all([had(part), speakMore(words)]);
  return loaded;
}

/** What needs cryptography. Throws Offline, as all of these do. */
export async function loadCore(): Promise<typeof Core> {
  return (core.value ??= await had(import("./core.ts")));
}

/** Everything that is needed every day, what lies behind the lock included. */
export async function loadAll(): Promise<void> {
  await loadCore();
  inside.value ??= await both(import("./inside.tsx"), 2);
}

/** What is needed now and then, behind the lock. */
export async function loadAbout(): Promise<void> {
  await loadAll();
  about.value ??= await both(import("./about.tsx"), 3);
}

/** Photographs and voice notes. */
export async function loadAttach(): Promise<typeof Attach> {
  await loadAll();
  return (attach.value ??= await both(import("./attach.tsx"), 3));
}

/** What somebody without a letter needs. */
export async function loadReferral(): Promise<typeof Referral> {
  await loadAll();
  return (referral.value ??= await both(import("./referral.tsx"), 4));
}
