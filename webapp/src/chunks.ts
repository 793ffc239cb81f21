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

/** What needs cryptography. Throws Offline, as all of these do. */
export async function loadCore(): Promise<typeof Core> {
  return (core.value ??= await had(import("./core.ts")));
}

/** Everything that is needed every day, what lies behind the lock included. */
export async function loadAll(): Promise<void> {
  await loadCore();
  await speakMore(2);
  inside.value ??= await had(import("./inside.tsx"));
}

/** What is needed now and then, behind the lock. */
export async function loadAbout(): Promise<void> {
  await loadAll();
  await speakMore(3);
  about.value ??= await had(import("./about.tsx"));
}

/** Photographs and voice notes. */
export async function loadAttach(): Promise<typeof Attach> {
  await loadAll();
  await speakMore(3);
  return (attach.value ??= await had(import("./attach.tsx")));
}

/** What somebody without a letter needs. */
export async function loadReferral(): Promise<typeof Referral> {
  await loadAll();
  await speakMore(4);
  return (referral.value ??= await had(import("./referral.tsx")));
}
