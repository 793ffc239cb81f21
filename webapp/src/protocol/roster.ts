import { type Bytes, equal, isZero } from "./bytes.ts";
import { type DeviceRecord, OwnerKind, deviceRecord } from "./device.ts";
import { digest, toBase64Url } from "./encoding.ts";
import { Refused, malformedUnless, refuseUnless } from "./errors.ts";
import { HolderKind, type Prekey, checkUsable, prekeyRecord } from "./prekey.ts";
import { type Codec, ascending, hash, id, list, pattern, rec, struct, time, u64, u8 } from "./record.ts";
import { type Signed, signedAs } from "./signature.ts";

/**
 * Bits; an officer's roles are their sum. `confirmer` is a device's alone: it tells the relay that its officer confirms
 * what was proposed there, and its signature is worth nothing to anybody else.
 */
export const Role = { coordinator: 1, caseworker: 2, liaison: 4, auditor: 8, host: 16, confirmer: 32 } as const;

/** What makes a device act for the office: any role but `confirmer`. */
export const ANY_ROLE = Role.confirmer - 1;

export const MAX_ROSTER = 256 * 1024;
const MAX_LIFE = 30 * 86_400;

export interface Root {
  readonly rootPk: Bytes;
  readonly successorCommit: Bytes;
}

export interface Succession {
  readonly office: Bytes;
  readonly previous: Bytes;
  readonly root: Root;
}

export interface Entry {
  readonly officer: Bytes;
  readonly roleCode: string;
  readonly roles: number;
  readonly device: DeviceRecord;
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Removal {
  readonly device: Bytes;
  readonly removedAt: number;
  readonly lastCounter: number;
  readonly lastCard: Bytes;
}

export interface Roster {
  readonly office: Bytes;
  readonly first: Root;
  readonly successions: readonly Signed<Succession>[];
  readonly version: number;
  readonly prev: Bytes;
  readonly issued: number;
  readonly expires: number;
  readonly entries: readonly Entry[];
  readonly removals: readonly Removal[];
  readonly epochs: readonly Prekey[];
}

export const rootRecord = struct<Root>({ rootPk: hash, successorCommit: hash });

export const signedSuccession = signedAs(
  "succession",
  struct<Succession>({ office: hash, previous: hash, root: rootRecord }),
);

const roles: Codec<number> = {
  encode: u8.encode,
  decode: (bytes) => {
    const bits = u8.decode(bytes);
    const known = (bits > 0 && bits <= ANY_ROLE) || bits === Role.confirmer;
    malformedUnless(known, "a role is unknown, none is given, or a device that confirms has another one");
    return bits;
  },
};

export const entryRecord = struct<Entry>(
  {
    officer: id,
    roleCode: pattern(/^[A-Z0-9][A-Z0-9-]{0,15}$/),
    roles,
    device: deviceRecord,
    notBefore: time,
    notAfter: time,
  },
  ({ officer, device }) => {
    const own = device.ownerKind === OwnerKind.officer && equal(device.owner, officer);
    malformedUnless(own, "an entry's device is of someone else");
  },
);

export const removalRecord = struct<Removal>({ device: id, removedAt: time, lastCounter: u64, lastCard: hash });

export const rosterRecord = struct<Roster>(
  {
    office: hash,
    first: rootRecord,
    successions: list(signedSuccession),
    version: u64,
    prev: hash,
    issued: time,
    expires: time,
    entries: list(entryRecord),
    removals: list(removalRecord),
    epochs: list(prekeyRecord),
  },
  checkRoster,
);

/** `signed("roster", body)`, at most 256 KiB. */
export const signedRoster = signedAs("roster", rosterRecord, MAX_ROSTER);

function checkRoster(roster: Roster): void {
  const { entries, removals, epochs, issued, expires } = roster;
  malformedUnless(roster.version >= 1 && isZero(roster.prev) === (roster.version === 1), "the version starts at 1");
  malformedUnless(issued < expires && expires <= issued + MAX_LIFE, "the roster's times contradict each other");
  const devices = entries.map((entry) => entry.device.device);
  ascending(devices, "devices");
  ascending(
    removals.map((removal) => removal.device),
    "removals",
  );
  const standing = new Set(devices.map(toBase64Url));
  malformedUnless(!removals.some((removal) => standing.has(toBase64Url(removal.device))), "a removed device stands");
  checkOfficers(roster);
  epochs.forEach((epoch, at) => {
    const before = epochs[at - 1];
    malformedUnless(!before || before.sequence < epoch.sequence, "epochs are not in ascending order");
    const own = epoch.holderKind === HolderKind.epoch && equal(epoch.office, roster.office);
    malformedUnless(own, "an epoch is not of this office");
  });
  malformedUnless(new Set(epochs.map((epoch) => toBase64Url(epoch.prekey))).size === epochs.length, "an epoch is twice");
}

/** One officer, one role code and, but for devices that only confirm, one set of roles; one role code, one officer. */
function checkOfficers({ entries, office }: Roster): void {
  const codeOf = new Map<string, string>();
  const rolesOf = new Map<string, number>();
  const officerOf = new Map<string, string>();
  for (const { officer, roleCode, roles: bits, device } of entries) {
    malformedUnless(equal(device.office, office), "an entry's device is of another office");
    const name = toBase64Url(officer);
    malformedUnless((codeOf.get(name) ?? roleCode) === roleCode, "an officer has two role codes");
    malformedUnless((officerOf.get(roleCode) ?? name) === name, "two officers share a role code");
    codeOf.set(name, roleCode);
    officerOf.set(roleCode, name);
    if (bits === Role.confirmer) continue;
    malformedUnless((rolesOf.get(name) ?? bits) === bits, "an officer has two sets of roles");
    rolesOf.set(name, bits);
  }
}

/** The office id, when it is the office's first root. */
export function officeId(root: Root): Bytes {
  return digest("root", rootRecord.encode(root));
}

export function successorCommit(nextRootPk: Bytes): Bytes {
  return digest("successor", rec(nextRootPk));
}

export function rosterHash(rosterBody: Bytes): Bytes {
  return digest("roster", rosterBody);
}

/** The office's roots from first to current. Refused when one is not what the one before committed to. */
export function rootChain({ office, first, successions }: Roster): [Root, ...Root[]] {
  refuseUnless(equal(officeId(first), office), "the roster is not of the office it names");
  const chain: [Root, ...Root[]] = [first];
  let current = first;
  for (const succession of successions) {
    const { office: named, previous, root } = succession.value;
    const committed = equal(successorCommit(root.rootPk), current.successorCommit);
    refuseUnless(committed && equal(named, office) && equal(previous, current.rootPk), "the office's root was changed");
    signedSuccession.verify(succession, root.rootPk);
    chain.push(root);
    current = root;
  }
  return chain;
}

/** What a client is sure of. `root` is undefined as long as only a letter was read. */
export interface Pin {
  readonly office: Bytes;
  readonly version: number;
  readonly hash: Bytes;
  readonly root?: Bytes | undefined;
}

export interface Followed {
  readonly pin: Pin;
  readonly roster: Roster;
}

/**
 * Follows a signed roster from what was pinned: the very roster, or the next one. Everything else is Refused, and the
 * client stops there (PROTOCOL section 2).
 */
export function follow(pin: Pin, wire: Bytes): Followed {
  const opened = signedRoster.decode(wire);
  const roster = opened.value;
  refuseUnless(equal(roster.office, pin.office), "the roster is of another office");
  const chain = rootChain(roster);
  const current = chain.reduce((_, root) => root).rootPk;
  signedRoster.verify(opened, current);
  const next = { office: pin.office, version: roster.version, hash: rosterHash(opened.body), root: current };
  const { root } = pin;
  const genesis = pin.version === 0 && isZero(pin.hash);
  refuseUnless(roster.version >= pin.version, "the roster is older than the one known");
  if (roster.version === pin.version) {
    refuseUnless(equal(next.hash, pin.hash), "there are two rosters of one version: do not go on, ask your office");
  } else {
    refuseUnless(roster.version === pin.version + 1, "a roster is missing in between");
    refuseUnless(equal(roster.prev, pin.hash), "the roster does not follow the one known: do not go on, ask your office");
    refuseUnless(root !== undefined || genesis, "the roster that the letter names comes first");
  }
  refuseUnless(
    root === undefined || chain.some((known) => equal(known.rootPk, root)),
    "the office's root was taken back: do not go on, ask your office",
  );
  return { pin: next, roster };
}

export function entryOf(roster: Roster, device: Bytes): Entry | undefined {
  return roster.entries.find((entry) => equal(entry.device.device, device));
}

export function removalOf(roster: Roster, device: Bytes): Removal | undefined {
  return roster.removals.find((removal) => equal(removal.device, device));
}

/** Whether the entry stands at `at`, give or take `slack` seconds at each end. */
export function stands(entry: Pick<Entry, "notBefore" | "notAfter">, at: number, slack = 0): boolean {
  return entry.notBefore - slack <= at && at < entry.notAfter + slack;
}

/** The entry of a device that stands at `at` with at least one of the roles. Refused otherwise. */
export function standing(roster: Roster, device: Bytes, at: number, anyOf: number = ANY_ROLE, slack = 0): Entry {
  const entry = entryOf(roster, device);
  if (!entry || !stands(entry, at, slack)) throw new Refused("the device does not stand in the roster");
  refuseUnless((entry.roles & anyOf) !== 0, "the officer does not hold the role for this");
  return entry;
}

export function isCurrent(roster: Roster, now: number): boolean {
  return now < roster.expires;
}

/** The newest epoch one may seal to. Refused when the roster has expired or none is usable. */
export function currentEpoch(roster: Roster, now: number): Prekey {
  refuseUnless(isCurrent(roster, now), "the roster has expired: fetch the newer one");
  for (const epoch of [...roster.epochs].reverse()) {
    try {
      checkUsable(epoch, now);
      return epoch;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  throw new Refused("the office has no epoch to seal to: fetch the newer roster");
}
