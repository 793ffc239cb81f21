/** Weekly prekeys: fresh ones are announced, old private halves destroyed. */
import { toBase64Url } from "./protocol/encoding.ts";
import { prekeyPair } from "./protocol/keys.ts";
import { keysOf, makePrekey, postErrand, prekeysOf, prekeyWire } from "./self.ts";
import type { Errand, Self } from "./state.ts";

const RENEW_AFTER = 7 * 86_400;

/**
 * Drops private halves whose time is over and, once a week, makes a new pair; null when nothing is to be done.
 * `now` dates the new pair; only what is past its time by `certain` too is destroyed (time.ts).
 */
export function renewPrekeys(
  self: Self,
  { now, certain }: { now: number; certain: number },
): { self: Self; errand: Errand | null } | null {
  const pairs = prekeysOf(self);
  const kept = pairs.filter((pair) => certain < pair.prekey.deleteAt);
  const newest = pairs.at(-1)?.prekey;
  const due = self.state === "enrolled" && (!newest || newest.created + RENEW_AFTER <= now);
  if (!due && kept.length === pairs.length) return null;
  if (!due) return { self: { ...self, prekeys: kept.map(prekeyPair.encode) }, errand: null };
  const keys = keysOf(self);
  const fresh = makePrekey(keys, (newest?.sequence ?? 0) + 1, now);
  const errand = postErrand("prekeys", { prekeys: [toBase64Url(prekeyWire(fresh, keys))] });
  return { self: { ...self, prekeys: [...kept, fresh].map(prekeyPair.encode) }, errand };
}
