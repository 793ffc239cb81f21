/** Children in the person's care: what stands for each at the relay, and saying it (PROTOCOL section 8). */
import { signedAssent, type Child } from "./protocol/assent.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { Offline } from "./faults.ts";
import { kick } from "./outbox.ts";
import { call } from "./relay.ts";
import { count, keysOf, postErrand, signerOf } from "./self.ts";
import { commit, get } from "./state.ts";
import { language } from "./strings.ts";
import { now } from "./time.ts";

/** The group of the case file that tells of those who travel with somebody. */
export const FAMILY = "family";
/** The wording of the screen; raise it when that changes. */
const TEXT_VERSION = 1;
const PATH = "assents";
const STANDINGS = ["agreed", "small", "declined", "none"];

/** A minor, by their number in the household, and what was said last. */
export interface Minor {
  member: number;
  standing: "agreed" | "small" | "declined" | "none";
  given: boolean | null;
  assent: Child | null;
  /** Unix seconds. */
  lapses_at: number | null;
}

/** Throws Offline or Answered. */
export async function ask(): Promise<Minor[]> {
  const answer = (await call("GET", PATH, signerOf(get("self")))) as { minors?: Minor[] } | null;
  const minors = answer?.minors;
  // Something between us and the relay answered in its place.
  if (!Array.isArray(minors) || !minors.every(isMinor)) throw new Offline();
  return minors;
}

function isMinor({ member, standing, lapses_at }: Minor): boolean {
  return Number.isSafeInteger(member) && STANDINGS.includes(standing) && Number.isSafeInteger(lapses_at ?? 0);
}

/** How much that was said waits for the relay: for one child, or for all. */
export function waiting(member?: number): number {
  const own = get("queue").filter((errand) => errand.kind === "post" && errand.path === PATH);
  return own.filter(({ ref }) => member === undefined || ref === refOf(member)).length;
}

/** Signs and keeps what the person and the child say. */
export async function say(member: number, given: boolean, assent: Child): Promise<void> {
  const { record, signSeed } = keysOf(get("self"));
  const counted = count(get("ledger"), refOf(member));
  const statement = {
    office: record.office,
    contact: record.owner,
    device: record.device,
    member,
    given,
    assent,
    textVersion: TEXT_VERSION,
    language: language.value ?? "en",
    counter: counted.counter,
    at: now(),
  };
  const wire = signedAssent.sign(statement, signSeed);
  const errand = postErrand(PATH, { assent: toBase64Url(wire) }, refOf(member));
  await commit({ ledger: counted.ledger, queue: [...get("queue"), errand] });
  kick();
}

function refOf(member: number): string {
  return `assent ${member}`;
}
