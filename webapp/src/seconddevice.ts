/**
 * A second device of this person's: a page that opens armour where the service's address is blocked. This phone makes
 * its keys, asks the office for it, and hands keys and state over in a file under a PIN; then it keeps none of them.
 */
import { MOST_DEVICES, signedAddition } from "./protocol/addition.ts";
import { contactCard } from "./protocol/card.ts";
import { deviceRecord, OwnerKind } from "./protocol/device.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { deviceKeys, newDevice, newPrekey, prekeyPair } from "./protocol/keys.ts";
import { HolderKind } from "./protocol/prekey.ts";
import { takeCard } from "./admission.ts";
import { Answered, Stopped } from "./faults.ts";
import { farewell } from "./enrol.ts";
import * as keyfile from "./keyfile.ts";
import { readHead } from "./head.ts";
import { call } from "./relay.ts";
import { keysOf, prekeyWire, signerOf } from "./self.ts";
import { commit, emptyAbout, emptyLedger, get, type Parts, type SecondDevice, type Self } from "./state.ts";
import { now, plausible } from "./time.ts";

const DAY = 86_400;
/** The page cannot hand over new prekeys, so its only one lasts as long as the protocol allows. */
const SEAL_FOR = 60 * DAY;
const KEEP_FOR = 90 * DAY;

/** The devices made here, the newest last. */
export function made(): readonly SecondDevice[] {
  return get("self").seconds ?? [];
}

/** The one that is not in its file yet; at most one is. */
export function underWay(): SecondDevice | undefined {
  return made().find(({ keys }) => keys);
}

/** How many devices the office's card names, this phone included. */
export function named(): number {
  const { card } = get("self");
  return card ? contactCard.decode(card).value.devices.length : 1;
}

/** False once there are as many as there may be. */
export function mayMake(): boolean {
  return underWay() === undefined && named() < MOST_DEVICES;
}

/** When the office can write to that device last, unix seconds. */
export function goodUntil({ at }: SecondDevice): number {
  return at + SEAL_FOR;
}

/** Makes the device and keeps it here until it is in its file; then asks for it. Throws Offline or Answered. */
export async function make(): Promise<void> {
  const self = get("self");
  const { office, owner, device } = keysOf(self).record;
  const keys = newDevice(office, OwnerKind.contact, owner);
  const created = plausible();
  const prekey = newPrekey({
    office,
    holderKind: HolderKind.device,
    holder: keys.record.device,
    sequence: 1,
    created,
    sealUntil: created + SEAL_FOR,
    deleteAt: created + KEEP_FOR,
  });
  const issued = self.card ? contactCard.decode(self.card).value.issued : 0;
  const addition = { office, contact: owner, device, record: keys.record, at: Math.max(now(), issued + 1) };
  const wire = signedAddition.sign(addition, keysOf(self).signSeed);
  const wipe = farewell(keys);
  const request = { addition: toBase64Url(wire), wipe, prekeys: [toBase64Url(prekeyWire(prekey, keys))] };
  const second: SecondDevice = {
    device: toBase64Url(keys.record.device),
    farewell: wipe,
    at: created,
    state: "asking",
    request: JSON.stringify(request),
    keys: deviceKeys.encode(keys),
    prekey: prekeyPair.encode(prekey),
  };
  await keep([...made(), second]);
  await look();
}

/** Hands the request over, or asks how far the office is. Throws Offline, Answered; Stopped, and stops, for a false card. */
export async function look(): Promise<void> {
  const second = underWay();
  if (!second) return;
  if (second.request) {
    try {
      await call("POST", "card-changes", signerOf(get("self")), second.request);
    } catch (error) {
      if (!(error instanceof Answered) || error.passing || error.status === 401) throw error;
      return settle(second, "refused");
    }
    return settle(second, "waiting");
  }
  if (second.state !== "waiting") return;
  const self: Self = { ...get("self"), keys: bytesOf(second.keys) };
  const answer = (await call("GET", "me", signerOf(self))) as { state?: unknown; card?: unknown } | null;
  if (answer?.state === "refused" || answer?.state === "wiped") return settle(second, "refused");
  if (answer?.state !== "enrolled" || typeof answer.card !== "string") return;
  try {
    await takeCard(answer.card, readHead(answer));
  } catch (error) {
    if (error instanceof Stopped) await commit({ office: { ...get("office"), stop: error.reason } });
    throw error;
  }
  const { card } = get("self");
  const record = deviceKeys.decode(bytesOf(second.keys)).record;
  const own = toBase64Url(deviceRecord.encode(record));
  const names = card && contactCard.decode(card).value.devices.some((one) => toBase64Url(deviceRecord.encode(one)) === own);
  if (names) await settle(second, "ready");
}

/** The text of the file under this PIN. What is in it stays here, too, until `given`. */
export async function sealed(pin: string): Promise<string> {
  const second = underWay();
  if (second?.state !== "ready") throw new Error("no device is ready");
  return keyfile.seal(await keyfile.create(pin), partsOf(second)).text;
}

/** The person has the file: this phone forgets what is in it. */
export async function given(): Promise<void> {
  const second = underWay();
  if (second) await settle(second, "given");
}

/** Takes the device off at the relay. What its file holds already stays readable. Throws Offline or Answered. */
export async function remove(second: SecondDevice): Promise<void> {
  try {
    await call("POST", "wipes", undefined, JSON.stringify({ wipe: second.farewell }));
  } catch (error) {
    // One that the relay does not know is gone.
    if (!(error instanceof Answered) || error.passing) throw error;
  }
  await keep(made().filter(({ device }) => device !== second.device));
}

/** What the page begins with: no history, and nothing that this phone said or has still to say. */
function partsOf(second: SecondDevice): Parts {
  const { card, bot } = get("self");
  const { early, warnings } = get("ledger");
  const keys = { keys: bytesOf(second.keys), prekeys: [bytesOf(second.prekey)] };
  return {
    self: { ...keys, state: "enrolled", card, bot },
    office: get("office"),
    // What was called off stays called off.
    ledger: { ...emptyLedger, early, ...(warnings && { warnings }) },
    messages: [],
    notices: [],
    settings: get("settings"),
    about: emptyAbout,
    queue: [],
  };
}

function bytesOf(kept: Self["keys"] | undefined): Self["keys"] {
  if (!kept) throw new Error("its keys are in the file");
  return kept;
}

/** Keys of a device that is in its file, or never will be, are not kept. */
async function settle(second: SecondDevice, state: SecondDevice["state"]): Promise<void> {
  const { device, farewell, at, keys, prekey } = second;
  const next = { device, farewell, at, state, ...((state === "waiting" || state === "ready") && { keys, prekey }) };
  await keep(made().map((other) => (other.device === device ? next : other)));
}

async function keep(seconds: SecondDevice[]): Promise<void> {
  await commit({ self: { ...get("self"), seconds } });
}
