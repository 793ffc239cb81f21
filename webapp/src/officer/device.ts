/**
 * This phone as a device of an officer's that only confirms: its keys under a PIN, and the roster it follows. Nothing
 * else is kept, and its signature counts for nobody but the relay.
 */
import { signal } from "@preact/signals";
import * as disk from "../disk.ts";
import { Offline, Stopped } from "../faults.ts";
import * as lock from "../lock.ts";
import { begin, catchUp, followed } from "../office.ts";
import { equal, type Bytes } from "../protocol/bytes.ts";
import { OwnerKind, deviceRecord } from "../protocol/device.ts";
import { fromBase64Url, newId, toBase64Url } from "../protocol/encoding.ts";
import { deviceKeys, newDevice, type DeviceKeys } from "../protocol/keys.ts";
import { signRequest } from "../protocol/request.ts";
import { Role, entryOf, stands, type Entry, type Pin } from "../protocol/roster.ts";
import { call, syncTime, type Sign } from "../relay.ts";
import { Safe } from "../safe.ts";
import * as safes from "../safes.ts";
import * as securestore from "../securestore.ts";
import type { Office } from "../state.ts";
import { heardFromOffice, now } from "../time.ts";
import { Gone, NotAdded } from "./faults.ts";

const PART = "device";

interface Kept {
  keys: Bytes;
  /** The roster that was followed last, and when it was issued; absent until the device has joined. */
  pin?: Pin | undefined;
  floor: number;
}

/** Whether this phone has keys, open or not. */
export const settled = signal(false);
/** The keys, while they are open. */
export const keys = signal<DeviceKeys | null>(null);
/** True from when the device has found itself in a roster. */
export const joined = signal(false);
/** Whose device the newest roster says it is; empty before one was followed. */
export const roleCode = signal("");

let safe: Safe | null = null;
let office: Office | null = null;

export async function look(): Promise<void> {
  settled.value = (await safes.read()) !== undefined;
}

/** Fresh keys of this officer, kept under the PIN. */
export async function make(officeId: Bytes, officer: Bytes, pin: string): Promise<void> {
  const made = newDevice(officeId, OwnerKind.officer, officer, spokenId());
  await lock.create(pin, { tail: "", farewell: "" }, async ({ key, id }) => {
    safe = new Safe(key, id);
    await keep({ keys: deviceKeys.encode(made), floor: 0 });
  });
  await disk.persist();
  keys.value = made;
  settled.value = true;
}

export async function unlock(pin: string): Promise<lock.Unlocked> {
  const result = await lock.unlock(pin, Math.floor(Date.now() / 1000));
  if (result.state === "open") {
    const opened = new Safe(result.key, result.id);
    const kept = (await opened.load(PART)) as Kept;
    const own = deviceKeys.decode(kept.keys);
    safe = opened;
    office = kept.pin ? { pin: kept.pin, former: [], floor: kept.floor } : null;
    heardFromOffice(kept.floor);
    joined.value = office !== null;
    keys.value = own;
  }
  return result;
}

/** Forgets everything in memory. */
export function close(): void {
  safe?.close();
  safe = office = keys.value = null;
  joined.value = false;
  roleCode.value = "";
}

/** Erases this page's keys on the phone; the app of an evacuee on it keeps its own. */
export async function erase(): Promise<void> {
  close();
  await safes.remove(null);
  await securestore.forget(safes.FIRST);
  settled.value = false;
}

/**
 * Pins the roster that the holder of the root named, and follows to the head. Throws Stopped when the relay shows
 * another, NotAdded when this device is not in it, Offline or Answered.
 */
export async function join(version: number, hash: Bytes): Promise<void> {
  const own = mine();
  await syncTime();
  const reached = await catchUp(begin({ office: own.record.office, version, hash }));
  if (!listed(reached, own)) throw new NotAdded();
  await settle(reached, own);
  joined.value = true;
}

/** Follows to the head. Throws Gone when this device does not stand there, Stopped, Offline or Answered. */
export async function follow(): Promise<void> {
  const own = mine();
  if (!office) throw new Offline();
  await syncTime();
  const reached = await catchUp(office);
  await settle(reached, own);
  const entry = listed(reached, own);
  if (!entry || !stands(entry, now())) throw new Gone();
  roleCode.value = entry.roleCode;
}

/** A request signed by this device. Throws Offline or Answered. */
export function ask(method: string, path: string, body?: string): Promise<unknown> {
  const { record, signSeed } = mine();
  const sign: Sign = (request, created) => signRequest({ device: record.device, signSeed }, request, { created });
  return call(method, path, sign, body);
}

function mine(): DeviceKeys {
  // Locked in the middle of it: nobody sees any more what comes of it.
  if (!keys.value) throw new Offline();
  return keys.value;
}

/** This device's entry, as one that only confirms. Throws Stopped when the roster has other keys under its name. */
function listed(reached: Office, own: DeviceKeys): Entry | undefined {
  const roster = followed(reached)?.roster;
  const entry = roster && entryOf(roster, own.record.device);
  if (entry && !equal(deviceRecord.encode(entry.device), deviceRecord.encode(own.record))) throw new Stopped("fork");
  return entry?.roles === Role.confirmer ? entry : undefined;
}

async function settle(reached: Office, own: DeviceKeys): Promise<void> {
  if (mine() !== own) throw new Offline();
  const newer = reached.pin.version !== office?.pin.version;
  office = reached;
  if (newer) await keep({ keys: deviceKeys.encode(own), pin: reached.pin, floor: reached.floor });
}

async function keep(kept: Kept): Promise<void> {
  await safe?.save({ [PART]: kept });
}

/** An id whose text can stand on a command line (does not begin with a dash), as at the desk. */
function spokenId(): Bytes {
  let id = newId();
  while (toBase64Url(id).startsWith("-")) id = newId();
  return id;
}

const words = (text: string): string[] => text.split(/[^\w-]+/);

/** Office and officer as `qasid-desk device show` prints them, whatever stands around; null when one is missing. */
export function readIds(text: string): { office: Bytes; officer: Bytes } | null {
  const [office, officer] = [43, 22].map((length) => words(text).find((word) => word.length === length));
  try {
    return office && officer ? { office: fromBase64Url(office, 32), officer: fromBase64Url(officer, 16) } : null;
  } catch {
    return null;
  }
}

/** VERSION:HASH as `qasid-desk roster add` prints it, whatever stands around; null when it is not there. */
export function readJoin(text: string): { version: number; hash: Bytes } | null {
  const [, version, hash] = /(?:^|\s)(\d{1,9}):([\w-]{43})(?=\s|$)/.exec(text) ?? [];
  try {
    return version && hash ? { version: Number(version), hash: fromBase64Url(hash, 32) } : null;
  } catch {
    return null;
  }
}
