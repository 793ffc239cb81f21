/** Without a letter: neither side is verified until two officers vouch and the number was the same (PROTOCOL section 3). */
import { signal } from "@preact/signals";
import type { Bytes } from "./protocol/bytes.ts";
import { Evidence, type Card } from "./protocol/card.ts";
import { deviceRecord, OwnerKind } from "./protocol/device.ts";
import { fromBase64Url, newId, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, refuseUnless } from "./protocol/errors.ts";
import { newDevice } from "./protocol/keys.ts";
import { takeCard } from "./admission.ts";
import { initData } from "./bridge.ts";
import { botName } from "./enrol.ts";
import { Answered } from "./faults.ts";
import { readHead } from "./head.ts";
import { fetchMail } from "./mail.ts";
import { begin, catchUp } from "./office.ts";
import { call, syncTime } from "./relay.ts";
import { keysOf, prekeysOf, prekeyWire, signerOf } from "./self.ts";
import { commit, get, type Newcomer, type Self, type Unverified } from "./state.ts";
import { language } from "./strings.ts";

/** What an office takes from one unverified person, ever. */
const MOST_LETTERS = 20;
/** Between tries that the relay answered with a no, in seconds: it counts them. */
const PATIENCE = 300;
const CODE = /^[A-Z0-9][A-Z0-9-]{0,15}$/;
/** Why the relay did not take somebody -> what is said of it. */
const FAULTS: Record<string, Fault> = {
  account_needed: "account",
  init_data_not_valid: "reopen",
  office_not_open: "closed",
  device_taken: "taken",
  referrals_full: "full",
  too_many_referrals: "many",
};
const REASONS = ["unknown", "duplicate", "mismatch", "elsewhere", "abuse"];

export type Fault = "account" | "reopen" | "closed" | "taken" | "full" | "many" | "busy" | "server";

/** Why the last try to be taken failed; null while there is none, or no network. */
export const fault = signal<Fault | null>(null);
let notBefore = 0;

export interface Choice {
  office: Bytes;
  code: string;
}

/**
 * The offices that take people without a letter, by the relay's word; and whether it takes a Telegram account that is
 * missing here. Throws Offline or Answered.
 */
export async function choices(): Promise<{ offices: Choice[]; accountMissing: boolean }> {
  await syncTime();
  const answer = (await call("GET", "referral-offices")) as { offices?: unknown } | null;
  const listed = Array.isArray(answer?.offices) ? (answer.offices as { office?: unknown; code?: unknown }[]) : [];
  const offices = listed.flatMap(({ office, code }): Choice[] => {
    try {
      return CODE.test(String(code)) ? [{ office: fromBase64Url(String(office), 32), code: String(code) }] : [];
    } catch (error) {
      if (error instanceof Malformed) return [];
      throw error;
    }
  });
  return { offices, accountMissing: initData === "" && (await botName()) !== "" };
}

/** Follows the chosen office's rosters from the first one, and makes keys. Throws Stopped, Offline or Answered. */
export async function meet({ office, code }: Choice): Promise<Newcomer> {
  const known = await catchUp(begin({ office, version: 0, hash: new Uint8Array(32) }));
  const keys = newDevice(office, OwnerKind.contact, newId());
  return { unverified: { code }, office: known, keys, bot: await botName() };
}

/** On towards the card: asks to be taken, how far the office is, and what it wrote. Throws Stopped, Offline or Answered. */
export async function advance(): Promise<void> {
  if (get("self").unverified?.same === false) return;
  if (get("self").state === "enrolling") await ask();
  if (get("self").state === "pending") await look();
  const { state, unverified } = get("self");
  // What is sent to somebody enrolled may be more than words: it waits at the relay until it may be opened.
  const waits = state === "pending" && unverified && !unverified.vouched && unverified.same !== false;
  if (waits && !get("office").stop) await fetchMail();
}

/** Asks again at once, whatever the last answer was. */
export function askAnew(): void {
  notBefore = 0;
}

/** Whether all letters were written that an office takes. */
export function isFull(): boolean {
  const thread = toBase64Url(keysOf(get("self")).record.owner);
  return (get("ledger").sent[thread]?.counter ?? 0) >= MOST_LETTERS;
}

/** Takes the owner's word on whether the number is the office's, too. A no is for good. */
export async function compared(same: boolean): Promise<void> {
  await note({ same });
}

/** Asks the office to take this phone; the same again does no harm. */
async function ask(): Promise<void> {
  const seconds = Date.now() / 1000;
  if (seconds < notBefore) return;
  const self = get("self");
  const keys = keysOf(self);
  const consent = get("queue").find((errand) => errand.kind === "post" && errand.path === "consents");
  if (consent?.kind !== "post") throw new Error("the consent is gone");
  const form = {
    office: toBase64Url(keys.record.office),
    device: toBase64Url(deviceRecord.encode(keys.record)),
    // It stays in the queue: handed over twice it does no harm.
    ...(JSON.parse(consent.body) as { consent: string }),
    prekeys: prekeysOf(self).map((pair) => toBase64Url(prekeyWire(pair, keys))),
    init_data: initData,
    language: language.value ?? "en",
  };
  try {
    await call("POST", "referrals", signerOf(self), JSON.stringify(form));
  } catch (error) {
    if (!(error instanceof Answered)) throw error;
    fault.value = FAULTS[error.code] ?? (error.status === 429 ? "busy" : "server");
    notBefore = seconds + Math.max(error.wait, PATIENCE);
    throw error;
  }
  fault.value = null;
  await commit({ self: { ...get("self"), state: "pending", dropped: undefined } });
}

interface Me {
  state?: unknown;
  card?: unknown;
  refused?: unknown;
  waits_until?: unknown;
}

/** How far the office is. What the relay deleted, because nobody vouched in time, it does not know any more. */
async function look(): Promise<void> {
  let me: Me | null;
  try {
    me = (await call("GET", "me", signerOf(get("self")))) as Me | null;
  } catch (error) {
    if (error instanceof Answered && error.code === "unknown_device") await note({}, { dropped: true });
    throw error;
  }
  const until = typeof me?.waits_until === "number" ? me.waits_until : undefined;
  if (me?.state === "refused") {
    const reason = REASONS.includes(String(me.refused)) ? String(me.refused) : "unknown";
    await note({ reason }, { state: "refused", dropped: undefined });
  } else if (typeof me?.card === "string" && get("self").unverified?.same) {
    await takeCard(me.card, readHead(me), judge);
  } else {
    await note({ until, vouched: typeof me?.card === "string" }, { dropped: undefined });
  }
}

/** Refused unless the card may be somebody's first who came without a letter, and its owner agrees. */
export function judge({ value, cosigner }: Card): void {
  refuseUnless(get("self").unverified?.same === true, "the comparison number was not confirmed here");
  refuseUnless(cosigner !== undefined, "without a letter, a first card needs a second officer's signature");
  refuseUnless(value.evidence === Evidence.number, "without a letter, a first card rests on the comparison number");
  refuseUnless(value.serial === 1 && value.devices.length === 1, "without a letter, a first card names one phone");
}

async function note(found: Partial<Unverified>, rest: Partial<Self> = {}): Promise<void> {
  const self = get("self");
  if (self.unverified) await commit({ self: { ...self, ...rest, unverified: { ...self.unverified, ...found } } });
}
