/** Follows the office's rosters from what the letter pinned, one signed step after the other, or stops. */
import type { Bytes } from "./protocol/bytes.ts";
import { equal } from "./protocol/bytes.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { entryOf, follow, rootChain, signedRoster, type Followed, type Pin } from "./protocol/roster.ts";
import { Answered, Offline, Stopped } from "./faults.ts";
import { call } from "./relay.ts";
import type { Office, StopReason } from "./state.ts";
import { heardFromOffice } from "./time.ts";

// Following checks a signature, which a cheap phone feels when a screen asks at every stroke.
const parsed = new WeakMap<Bytes, Followed>();

export function begin(pin: Pin): Office {
  return { pin, former: [], floor: 0 };
}

/** The roster this phone follows, with its pin; null until the letter's roster was fetched. */
export function followed(office: Office): Followed | null {
  if (!office.wire) return null;
  let known = parsed.get(office.wire);
  if (!known) parsed.set(office.wire, (known = follow(office.pin, office.wire)));
  return known;
}

/** The next roster followed. Throws Stopped when it does not follow what is pinned. */
export function step(office: Office, wire: Bytes): Office {
  const before = followed(office);
  let next: Followed;
  try {
    next = follow(office.pin, wire);
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) throw new Stopped(reasonOf(office, wire));
    throw error;
  }
  const gone = (before?.roster.entries ?? []).filter((entry) => !entryOf(next.roster, entry.device.device));
  const floor = Math.max(office.floor, next.roster.issued);
  heardFromOffice(floor);
  return { ...office, pin: next.pin, wire, former: [...office.former, ...gone], floor, stop: undefined };
}

function reasonOf(office: Office, wire: Bytes): StopReason {
  try {
    const shown = signedRoster.decode(wire).value;
    if (shown.version < office.pin.version) return "rollback";
    const { root } = office.pin;
    return rootChain(shown).some((known) => !root || equal(known.rootPk, root)) ? "fork" : "root";
  } catch {
    return "root";
  }
}

/** Fetches and follows every roster up to the relay's head. Throws Stopped, Offline or Answered. */
export async function catchUp(office: Office): Promise<Office> {
  let current = office;
  for (;;) {
    const from = current.wire ? current.pin.version + 1 : current.pin.version;
    const answer = await rosters(current.pin.office, from);
    if (answer.head < current.pin.version) throw new Stopped("rollback");
    // The roster that is held again, when the relay has no newer one: nothing to follow.
    const fresh = answer.rosters.filter((wire) => !(current.wire && equal(wire, current.wire)));
    for (const wire of fresh) current = step(current, wire);
    if (current.wire && current.pin.version >= answer.head) return current;
    if (fresh.length === 0) throw new Offline();
  }
}

async function rosters(office: Bytes, from: number): Promise<{ head: number; rosters: Bytes[] }> {
  const path = `offices/${toBase64Url(office)}/rosters?from=${from}`;
  const answer = (await call("GET", path)) as { head?: unknown; rosters?: unknown } | null;
  if (typeof answer?.head !== "number" || !Array.isArray(answer.rosters)) throw new Answered(500, "not_understood", 0);
  try {
    return { head: answer.head, rosters: answer.rosters.map((wire) => fromBase64Url(String(wire))) };
  } catch {
    throw new Answered(500, "not_understood", 0);
  }
}
