/**
 * The parts of the app that follow the first screen: fetched at the first quiet moment, in the order they are needed,
 * so that they are there when the network is not.
 */
import { signal } from "@preact/signals";
import type * as About from "./about.tsx";
import type * as Core from "./core.ts";
import { Offline } from "./faults.ts";
import type * as Inside from "./inside.tsx";
import type * as Referral from "./referral.tsx";
import { speakMore } from "./strings.ts";

export const core = signal<typeof Core | null>(null);
export const inside = signal<typeof Inside | null>(null);
export const about = signal<typeof About | null>(null);
export const referral = signal<typeof Referral | null>(null);

/** What needs cryptography. Throws Offline when it cannot be had; the next call tries again. */
export async function loadCore(): Promise<typeof Core> {
  try {
    return (core.value ??= await import("./core.ts"));
  } catch {
    throw new Offline();
  }
}

/** Everything that is needed every day, what lies behind the lock included. Throws Offline when something cannot be had. */
export async function loadAll(): Promise<void> {
  await loadCore();
  await speakMore(2);
  try {
    inside.value ??= await import("./inside.tsx");
  } catch {
    throw new Offline();
  }
}

/** What is needed now and then, behind the lock. Throws Offline when something cannot be had. */
export async function loadAbout(): Promise<void> {
  await loadAll();
  await speakMore(3);
  try {
    about.value ??= await import("./about.tsx");
  } catch {
    throw new Offline();
  }
}

/** What somebody without a letter needs. Throws Offline when something cannot be had. */
export async function loadReferral(): Promise<typeof Referral> {
  await loadAll();
  await speakMore(4);
  try {
    return (referral.value ??= await import("./referral.tsx"));
  } catch {
    throw new Offline();
  }
}
