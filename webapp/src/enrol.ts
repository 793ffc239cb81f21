/** From a letter to an enrolled phone: read the letter, meet the office, make keys, introduce them, take the card. */
import { signal } from "@preact/signals";
import type { Bytes } from "./protocol/bytes.ts";
import { acceptCard, contactCard } from "./protocol/card.ts";
import { OwnerKind } from "./protocol/device.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { deviceKeys, newDevice, prekeyPair, type DeviceKeys } from "./protocol/keys.ts";
import {
  admitToken,
  decodeLetter,
  enrolMac,
  invitationId,
  letterPin,
  openSlip,
  openSlipOf,
  type Letter,
  type Slip,
} from "./protocol/letter.ts";
import { deviceRecord } from "./protocol/device.ts";
import { signedConsent, signedWipe } from "./protocol/statement.ts";
import { initData } from "./bridge.ts";
import { begin, catchUp, followed, Stopped } from "./office.ts";
import { Answered, call, syncTime } from "./relay.ts";
import { count, keysOf, makePrekey, postErrand, prekeyWire, signerOf } from "./self.ts";
import { commit, emptyLedger, get, type Errand, type Ledger, type Office, type Parts, type Purpose } from "./state.ts";
import { language } from "./strings.ts";
import { now } from "./time.ts";

export const PURPOSES: readonly Purpose[] = ["messages", "departures"];
/** The wording of the consent screen; raise it when that changes. */
const TEXT_VERSION = 1;

/** Someone who has read a letter and has not yet set a PIN: in memory alone. */
export interface Newcomer {
  secret: Bytes;
  office: Office;
  keys: DeviceKeys;
  bot: string;
}

/** True when the app has to be opened anew from the chat. */
export const reopen = signal(false);

export const newcomer = signal<Newcomer | null>(null);

export type LetterFault = "letter-wrong-text" | "letter-wrong-words" | "letter-not-valid" | "letter-mismatch";

export class LetterError extends Error {
  readonly fault: LetterFault;

  constructor(fault: LetterFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The letter in a text that was typed or scanned; white space does not matter. */
export function readLetter(text: string): Letter {
  try {
    return decodeLetter(text.replace(/\s/g, ""));
  } catch (error) {
    if (error instanceof Malformed) throw new LetterError("letter-wrong-text");
    throw error;
  }
}

/** The secret in twelve words. The word list is fetched now: nobody else needs it. */
export async function readWords(text: string): Promise<Bytes> {
  const { secretOf } = await import("./protocol/words.ts");
  try {
    return secretOf(text.replace(/[.,;،]/g, " ").trim());
  } catch (error) {
    if (error instanceof Malformed) throw new LetterError("letter-wrong-words");
    throw error;
  }
}

/**
 * Fetches what the office left at the relay for this letter, checks it, and follows the office's rosters from there.
 * Throws LetterError, Stopped, Offline or Answered.
 */
export async function introduce(letter: { secret: Bytes } | Letter): Promise<Newcomer> {
  await syncTime();
  const slip = await fetchSlip(letter);
  const office = await catchUp(begin(letterPin(slip)));
  const keys = newDevice(slip.office, OwnerKind.contact, slip.contact);
  const info = (await call("GET", "info")) as { bot?: unknown } | null;
  return { secret: letter.secret, office, keys, bot: typeof info?.bot === "string" ? info.bot : "" };
}

async function fetchSlip(letter: { secret: Bytes } | Letter): Promise<Slip> {
  let answer: { slip?: unknown; tag?: unknown };
  try {
    answer = (await call("GET", `letters/${toBase64Url(invitationId(letter.secret))}`)) as typeof answer;
  } catch (error) {
    if (error instanceof Answered && error.status === 404) throw new LetterError("letter-not-valid");
    throw error;
  }
  try {
    const [slip, tag] = [fromBase64Url(String(answer.slip)), fromBase64Url(String(answer.tag))];
    return "office" in letter ? openSlipOf(letter, slip, tag) : openSlip(letter.secret, slip, tag);
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) throw new LetterError("letter-mismatch");
    throw error;
  }
}

/** A signed consent as an errand, with the ledger that counted it. */
export function consentErrand(
  keys: DeviceKeys,
  { purpose, given, ledger }: { purpose: Purpose; given: boolean; ledger: Ledger },
): { errand: Errand; ledger: Ledger } {
  const counted = count(ledger, `consent ${purpose}`);
  const { office, owner, device } = keys.record;
  const consent = {
    office,
    contact: owner,
    device,
    purpose,
    textVersion: TEXT_VERSION,
    language: language.value ?? "en",
    given,
    counter: counted.counter,
    at: now(),
  };
  const wire = signedConsent.sign(consent, keys.signSeed);
  return { errand: postErrand("consents", { consent: toBase64Url(wire) }), ledger: counted.ledger };
}

/** What is kept from the first moment on, the consents given on the way included. */
export function firstParts({ secret, office, keys, bot }: Newcomer, consents: Record<Purpose, boolean>): Parts {
  const first = makePrekey(keys, 1, now());
  let ledger = emptyLedger;
  const queue: Errand[] = [];
  for (const purpose of PURPOSES.filter((name) => consents[name])) {
    const made = consentErrand(keys, { purpose, given: true, ledger });
    ledger = made.ledger;
    queue.push(made.errand);
  }
  return {
    self: { keys: deviceKeys.encode(keys), prekeys: [prekeyPair.encode(first)], state: "enrolling", secret, bot },
    office,
    ledger,
    messages: [],
    notices: [],
    settings: { consents, paused: false },
    queue,
  };
}

/** The statement that makes the relay forget this phone, signed ahead so that erasing needs no key. */
export function farewell(keys: DeviceKeys): string {
  const { office, owner, device } = keys.record;
  return toBase64Url(signedWipe.sign({ office, contact: owner, device, at: now() }, keys.signSeed));
}

/** Hands the enrolment over; the same one again does no harm. Throws Offline or a passing Answered. */
export async function enrol(): Promise<void> {
  const self = get("self");
  const { secret } = self;
  if (!secret) throw new Error("the letter is gone");
  const keys = keysOf(self);
  const rosterVersion = get("office").pin.version;
  const pair = self.prekeys.map((bytes) => prekeyPair.decode(bytes)).at(-1);
  const form = {
    invitation: toBase64Url(invitationId(secret)),
    admit: toBase64Url(admitToken(secret)),
    device: toBase64Url(deviceRecord.encode(keys.record)),
    roster_version: rosterVersion,
    prekeys: pair ? [toBase64Url(prekeyWire(pair, keys))] : [],
    mac: toBase64Url(enrolMac(secret, { rosterVersion, contact: keys.record.owner, device: keys.record })),
    init_data: initData,
    language: language.value ?? "en",
  };
  try {
    const answer = await call("POST", "enrolments", signerOf(self), JSON.stringify(form));
    const frozen = (answer as { state?: unknown } | null)?.state === "frozen";
    await commit({ self: { ...get("self"), state: frozen ? "frozen" : "pending" } });
  } catch (error) {
    if (!(error instanceof Answered) || error.passing) throw error;
    // Too long since Telegram opened the page: only opening it anew helps.
    reopen.value = error.code === "init_data_not_valid";
    if (error.status === 401) throw error;
    await commit({ self: { ...get("self"), state: "refused" } });
  }
}

/** Asks how far the office is, and takes its card. Throws Stopped for a card that does not fit. */
export async function askForCard(): Promise<void> {
  const self = get("self");
  const answer = (await call("GET", "me", signerOf(self))) as { state?: unknown; card?: unknown } | null;
  if (answer?.state === "frozen" || answer?.state === "refused") {
    await commit({ self: { ...get("self"), state: answer.state } });
  } else if (answer?.state === "pending") {
    await commit({ self: { ...get("self"), state: "pending" } });
  } else if (typeof answer?.card === "string") {
    await takeCard(answer.card);
  }
}

async function takeCard(text: string): Promise<void> {
  await commit({ office: await catchUp(get("office")) });
  const [self, office] = [get("self"), get("office")];
  const current = followed(office);
  if (!current) return;
  let card: Bytes;
  try {
    card = fromBase64Url(text);
    const held = self.card && contactCard.decode(self.card);
    const terms = { roster: current.roster, own: keysOf(self).record, former: office.former };
    acceptCard(contactCard.decode(card), held ? { ...terms, held } : terms);
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) throw new Stopped("card");
    throw error;
  }
  // The letter has done its work: its secret goes, here as at the desk.
  await commit({ self: { ...self, state: "enrolled", card, secret: undefined } });
}
