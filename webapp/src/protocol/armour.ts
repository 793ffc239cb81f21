import { type Bytes, concat, equal } from "./bytes.ts";
import { digest, fromBase64Url, toBase64Url } from "./encoding.ts";
import { decodeEnvelope } from "./envelope.ts";
import { malformedUnless } from "./errors.ts";
import { ascending, type Codec, id, list, raw, struct, time, u64 } from "./record.ts";
import { signedRoster } from "./roster.ts";
import { signedAs } from "./signature.ts";

export const ArmourKind = { envelope: 1, upload: 2, fetch: 3, acknowledge: 4, rosters: 5, follow: 6 } as const;
export type ArmourKind = (typeof ArmourKind)[keyof typeof ArmourKind];

const PREFIX = "qasid1.";

export interface Upload {
  readonly device: Bytes;
  readonly at: number;
  readonly envelope: Bytes;
}

export interface Fetch {
  readonly device: Bytes;
  readonly at: number;
  readonly nonce: Bytes;
}

export interface Acknowledge extends Fetch {
  /** Ids of envelopes that the device keeps, in ascending order. */
  readonly kept: readonly Bytes[];
}

export interface Follow extends Fetch {
  /** Of the roster that the device follows. */
  readonly version: number;
}

const envelope: Codec<Bytes> = {
  encode: checkedEnvelope,
  decode: checkedEnvelope,
};

function checkedEnvelope(bytes: Bytes): Bytes {
  decodeEnvelope(bytes);
  return bytes;
}

export const signedUpload = signedAs(
  "upload",
  struct<Upload>({ device: id, at: time, envelope }, (upload) => {
    const { sender } = decodeEnvelope(upload.envelope).header;
    malformedUnless(equal(sender, upload.device), "the envelope is of another device");
  }),
);

export const signedFetch = signedAs("fetch", struct<Fetch>({ device: id, at: time, nonce: id }));

/** Asks for the rosters after that version, too. */
export const signedFollow = signedAs("follow", struct<Follow>({ device: id, at: time, nonce: id, version: u64 }));

/** Also asks for what else waits. With 100 of them it fits a message. */
export const signedAcknowledge = signedAs(
  "acknowledge",
  struct<Acknowledge>({ device: id, at: time, nonce: id, kept: list(id, { min: 1, max: 100 }) }, ({ kept }) => {
    ascending(kept, "envelopes");
  }),
);

/** Signed rosters of one office, each the one after the one before. */
export const rosterWires: Codec<readonly Bytes[]> = (() => {
  const wires = list(raw, { min: 1, max: 100 });
  const checked = (all: readonly Bytes[]): readonly Bytes[] => {
    const rosters = all.map((wire) => signedRoster.decode(wire).value);
    rosters.forEach(({ office, version }, at) => {
      const before = rosters[at - 1];
      const next = !before || (equal(before.office, office) && before.version + 1 === version);
      malformedUnless(next, "a roster is missing in between, or of another office");
    });
    return all;
  };
  return { encode: (all) => wires.encode(checked(all)), decode: (bytes) => checked(wires.decode(bytes)) };
})();

function checkPayload(kind: number, payload: Bytes): asserts kind is ArmourKind {
  if (kind === ArmourKind.envelope) checkedEnvelope(payload);
  else if (kind === ArmourKind.upload) signedUpload.decode(payload);
  else if (kind === ArmourKind.fetch) signedFetch.decode(payload);
  else if (kind === ArmourKind.acknowledge) signedAcknowledge.decode(payload);
  else if (kind === ArmourKind.follow) signedFollow.decode(payload);
  else {
    malformedUnless(kind === ArmourKind.rosters, "the armour is of an unknown type: update the app");
    rosterWires.decode(payload);
  }
}

function armourCheck(typed: Bytes): Bytes {
  return digest("armour", typed).slice(0, 4);
}

/** The text form, for a chat message or a `.qasid` document. */
export function dress(kind: ArmourKind, payload: Bytes): string {
  checkPayload(kind, payload);
  const typed = concat(Uint8Array.of(kind), payload);
  return PREFIX + toBase64Url(concat(typed, armourCheck(typed)));
}

/** What the text holds, parsed as strictly as its kind asks; signatures are not checked. */
export function undress(text: string): { kind: ArmourKind; payload: Bytes } {
  const plain = text.replace(/[ \t\n\v\f\r]+/g, "");
  malformedUnless(plain.startsWith(PREFIX), "this is not a sealed message");
  const bytes = fromBase64Url(plain.slice(PREFIX.length));
  malformedUnless(bytes.length >= 5, "the sealed message is cut short");
  const typed = bytes.slice(0, -4);
  malformedUnless(equal(armourCheck(typed), bytes.subarray(-4)), "the sealed message was damaged: copy it again, whole");
  const kind: number = typed[0] ?? 0;
  const payload = typed.slice(1);
  checkPayload(kind, payload);
  return { kind, payload };
}
