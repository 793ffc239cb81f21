/** Which screen is seen behind the lock, or before it, with the way back. */
import { signal } from "@preact/signals";
import { backButton } from "./bridge.ts";

/** Screens of about.tsx. */
export type AboutPlace =
  | { name: "another" }
  | { name: "help" }
  | { name: "holdings" }
  | { name: "settings" }
  | { name: "casefile" }
  | { name: "sharing" }
  | { name: "children" }
  | { name: "page" }
  | { name: "decide"; office: string };

export type Place =
  | { name: "home" }
  | { name: "thread" }
  | { name: "attach" }
  | { name: "status"; status: 1 | 2 | 3 | 4 | 5 }
  | { name: "notice"; id: string; version: number }
  | { name: "wipe" }
  | { name: "number" }
  | AboutPlace;

export const path = signal<readonly Place[]>([{ name: "home" }]);

function show(next: readonly Place[]): void {
  path.value = next;
  backButton(next.length > 1);
}

export function here(): Place {
  return path.value.at(-1) ?? { name: "home" };
}

export function go(place: Place): void {
  show([...path.value, place]);
}

export function back(): void {
  if (path.value.length > 1) show(path.value.slice(0, -1));
}

export function home(): void {
  show([{ name: "home" }]);
}
