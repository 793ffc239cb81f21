/** From a letter to a phone that may settle in: read the letter, meet the office, make keys, sign the consents. */
import type { Bytes } from "./protocol/bytes.ts";
import { OwnerKind } from "./protocol/device.ts";
import { fromBase64Url, toBase64Url } from "./protocol/encoding.ts";
import { Malformed, Refused } from "./protocol/errors.ts";
import { deviceKeys, newDevice, prekeyPair, type DeviceKeys } from "./protocol/keys.ts";
import {
  decodeLetter,
  invitationId,
  letterPin,
  openSlip,
  openSlipOf,
  type Letter,
  type Slip,
} from "./protocol/letter.ts";
import { ALL, signedConsent, signedWipe } from "./protocol/statement.ts";
import { Answered, LetterError } from "./faults.ts";
import { begin, catchUp } from "./office.ts";
import { PURPOSES } from "./permissions.ts";
import { call, syncTime } from "./relay.ts";
import { count, makePrekey, postErrand } from "./self.ts";
import {
  emptyAbout,
  emptyLedger,
  type Errand,
  type Ledger,
  type Newcomer,
  type Parts,
  type Permission,
  type Purpose,
} from "./state.ts";
import { language } from "./strings.ts";
import { now, plausible } from "./time.ts";

/** The wording of what is permitted, on the way in and behind the lock; raise it when that changes. */
const TEXT_VERSION = 1;

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
  // All at once, for each round trip takes seconds on a bad line. Words alone do not say whose rosters to ask for.
  const ahead = "office" in letter ? catchUp(begin(letterPin(letter))) : undefined;
  // Should the slip be wrong, too, that is what is said.
  ahead?.catch(() => undefined);
  const [slip, bot] = await Promise.all([fetchSlip(letter), botName(), syncTime()]);
  const office = await (ahead ?? catchUp(begin(letterPin(slip))));
  const keys = newDevice(slip.office, OwnerKind.contact, slip.contact);
  return { secret: letter.secret, office, keys, bot };
}

/** The relay's bot; empty where it has none. Throws Offline or Answered. */
export async function botName(): Promise<string> {
  const info = (await call("GET", "info")) as { bot?: unknown } | null;
  return typeof info?.bot === "string" ? info.bot : "";
}

async function fetchSlip(letter: { secret: Bytes } | Letter): Promise<Slip> {
  let answer: { slip?: unknown; tag?: unknown };
  try {
    answer = (await call("GET", `letters/${toBase64Url(invitationId(letter.secret))}`)) as typeof answer;
  } catch (error) {
    if (error instanceof Answered && error.status === 404 && !error.passing) throw new LetterError("letter-not-valid");
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
  { permission, given, ledger }: { permission: Permission; given: boolean; ledger: Ledger },
): { errand: Errand; ledger: Ledger } {
  const counted = count(ledger, `consent ${permission}`);
  const [purpose = "", recipient, fields = ALL] = permission.split(" ");
  const { office, owner, device } = keys.record;
  const consent = {
    office,
    contact: owner,
    device,
    purpose,
    recipient: recipient ? fromBase64Url(recipient, 32) : office,
    fields,
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
export function firstParts({ secret, unverified, office, keys, bot }: Newcomer, consents: Record<Purpose, boolean>): Parts {
  const first = makePrekey(keys, 1, plausible());
  let ledger = emptyLedger;
  const queue: Errand[] = [];
  const agreedAt: Partial<Record<Purpose, number>> = {};
  for (const purpose of PURPOSES.filter((name) => consents[name])) {
    const made = consentErrand(keys, { permission: purpose, given: true, ledger });
    ledger = made.ledger;
    queue.push(made.errand);
    agreedAt[purpose] = now();
  }
  return {
    self: {
      keys: deviceKeys.encode(keys),
      prekeys: [prekeyPair.encode(first)],
      state: "enrolling",
      secret,
      unverified,
      bot,
    },
    office,
    ledger,
    messages: [],
    notices: [],
    settings: { consents, agreedAt, paused: false },
    about: emptyAbout,
    queue,
  };
}

/** The statement that makes the relay forget this phone, signed ahead so that erasing needs no key. */
export function farewell(keys: DeviceKeys): string {
  const { office, owner, device } = keys.record;
  return toBase64Url(signedWipe.sign({ office, contact: owner, device, at: now() }, keys.signSeed));
}
