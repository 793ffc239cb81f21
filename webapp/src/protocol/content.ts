import { type Attachment, attachmentRecord } from "./attachment.ts";
import { type Bytes, equal, isZero, uint } from "./bytes.ts";
import { type Ask, type CaseFile, askRecord, caseFileRecord } from "./casefile.ts";
import { type Approval, type Cancel, type Go, orderedApprovals, signedApproval, signedCancel, signedGo } from "./decision.ts";
import { digest } from "./encoding.ts";
import { malformedUnless } from "./errors.ts";
import type { Header } from "./envelope.ts";
import { type Notice, noticeRecord } from "./notice.ts";
import { HolderKind, type Prekey, prekeyRecord } from "./prekey.ts";
import { type Codec, fixed, hash, id, list, oneOf, optional, raw, rec, struct, text, time, u64 } from "./record.ts";
import { type Signed, sign } from "./signature.ts";
import { type Answer, signedAnswer } from "./statement.ts";

export const Kind = {
  text: 1,
  status: 2,
  opened: 3,
  notice: 4,
  go: 5,
  cancel: 6,
  answer: 7,
  grant: 8,
  draft: 9,
  caseFile: 10,
  ask: 11,
  // 12 and 13 go from desk to desk: to a phone unknown kinds.
  attachment: 14,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const Status = { safe: 1, needHelp: 2, moving: 3, ready: 4, cannot: 5 } as const;
export type Status = (typeof Status)[keyof typeof Status];

/** An epoch with its private halves, for an officer's device. */
export interface GrantedEpoch {
  readonly prekey: Prekey;
  readonly dhSk: Bytes;
  readonly kemSeed: Bytes;
}

interface Payloads {
  readonly [Kind.text]: { readonly text: string };
  readonly [Kind.status]: { readonly status: Status; readonly text: string };
  readonly [Kind.opened]: { readonly envelope: Bytes; readonly contentHash: Bytes };
  readonly [Kind.notice]: { readonly notice: Notice; readonly approvals: readonly Signed<Approval>[] };
  readonly [Kind.go]: { readonly go: Signed<Go> };
  readonly [Kind.cancel]: { readonly cancel: Signed<Cancel> };
  readonly [Kind.answer]: { readonly answer: Signed<Answer> };
  readonly [Kind.grant]: { readonly epochs: readonly GrantedEpoch[] };
  readonly [Kind.draft]: { readonly notice: Notice; readonly placeKey: Bytes; readonly place: string };
  readonly [Kind.caseFile]: CaseFile;
  readonly [Kind.ask]: Ask;
  readonly [Kind.attachment]: Attachment;
}

export type Payload = { [K in Kind]: { readonly kind: K } & Payloads[K] }[Kind];
export type PayloadOf<K extends Kind> = Extract<Payload, { kind: K }>;

/** A payload whose bytes are those of its only field. */
function bare<N extends string, T>(name: N, codec: Codec<T>): Codec<Record<N, T>> {
  return {
    encode: (value) => codec.encode(value[name]),
    decode: (bytes) => ({ [name]: codec.decode(bytes) }) as Record<N, T>,
  };
}

const grantedEpoch = struct<GrantedEpoch>({ prekey: prekeyRecord, dhSk: hash, kemSeed: fixed(64) }, ({ prekey }) => {
  malformedUnless(prekey.holderKind === HolderKind.epoch, "only epochs are granted");
});

const payloads: { readonly [K in Kind]: Codec<Payloads[K]> } = {
  [Kind.text]: bare("text", text(16_384)),
  [Kind.status]: struct<Payloads[2]>({ status: oneOf(Status), text: text(4_096) }),
  [Kind.opened]: struct<Payloads[3]>({ envelope: id, contentHash: hash }),
  [Kind.notice]: struct<Payloads[4]>({ notice: noticeRecord, approvals: list(signedApproval) }, ({ approvals }) => {
    orderedApprovals(approvals);
  }),
  [Kind.go]: bare("go", signedGo),
  [Kind.cancel]: bare("cancel", signedCancel),
  [Kind.answer]: bare("answer", signedAnswer),
  [Kind.grant]: bare("epochs", list(grantedEpoch)),
  [Kind.draft]: struct<Payloads[9]>({ notice: noticeRecord, placeKey: hash, place: text(252) }),
  [Kind.caseFile]: caseFileRecord,
  [Kind.ask]: askRecord,
  [Kind.attachment]: attachmentRecord,
};

interface Envelopment {
  readonly nonce: Bytes;
  readonly sender: Bytes;
  readonly recipient: Bytes;
  readonly thread: Bytes;
  readonly counter: number;
  readonly prev: Bytes;
  readonly sentAt: number;
  readonly rosterVersion: number;
  readonly rosterHash: Bytes;
}

export interface Inner extends Envelopment {
  readonly payload: Payload;
}

interface InnerWire extends Envelopment {
  readonly kind: Kind;
  readonly payload: Bytes;
}

const innerWire = struct<InnerWire>(
  {
    nonce: hash,
    kind: oneOf(Kind),
    sender: id,
    recipient: raw,
    thread: id,
    counter: u64,
    prev: hash,
    sentAt: time,
    rosterVersion: u64,
    rosterHash: hash,
    payload: raw,
  },
  ({ kind, recipient, counter, prev }) => {
    const toOne: readonly Kind[] = [Kind.text, Kind.opened, Kind.ask, Kind.attachment];
    const toContact = toOne.includes(kind) && recipient.length === 16;
    malformedUnless(toContact || recipient.length === 32, "the recipient has a wrong length");
    malformedUnless(counter >= 1 && isZero(prev) === (counter === 1), "the first message, and only it, has none before it");
  },
);

function checkAudience({ payload, recipient }: Inner): void {
  const same = payload.kind !== Kind.notice || equal(recipient, payload.notice.audience);
  malformedUnless(same, "the notice is for another audience");
}

/** `inner` of section 6. */
export const innerRecord: Codec<Inner> = {
  encode: (inner) => {
    checkAudience(inner);
    const { payload, ...rest } = inner;
    const codec = payloads[payload.kind] as unknown as Codec<Payload>;
    return innerWire.encode({ ...rest, kind: payload.kind, payload: codec.encode(payload) });
  },
  decode: (bytes) => {
    const { kind, payload, ...rest } = innerWire.decode(bytes);
    const inner = { ...rest, payload: { kind, ...payloads[kind].decode(payload) } as Payload };
    checkAudience(inner);
    return inner;
  },
};

/** What an envelope holds: `body` are the bytes of `inner`, and an office's message has a proof. */
export interface Content {
  readonly inner: Inner;
  readonly body: Bytes;
  readonly proof?: Bytes | undefined;
}

const contentWire = struct<Omit<Content, "inner">>({ body: raw, proof: optional(fixed(64)) });

export const contentRecord = {
  encode: (content: Omit<Content, "inner">): Bytes => contentWire.encode(content),
  decode: (bytes: Bytes): Content => {
    const wire = contentWire.decode(bytes);
    return { ...wire, inner: innerRecord.decode(wire.body) };
  },
};

export function contentHash(content: Pick<Content, "body">): Bytes {
  return digest("content", content.body);
}

/** What an office's device signs inside the encryption. */
export function proofBody(office: Bytes, { inner, body }: Content, header: Pick<Header, "envelope" | "commitment">): Bytes {
  const { rosterVersion, sender, recipient, thread, payload } = inner;
  return rec(
    office,
    uint(rosterVersion, 8),
    sender,
    recipient,
    thread,
    uint(payload.kind, 1),
    header.envelope,
    header.commitment,
    contentHash({ body }),
  );
}

export function prove(
  office: Bytes,
  content: Content,
  header: Pick<Header, "envelope" | "commitment">,
  seed: Bytes,
): Content {
  return { ...content, proof: sign("office", proofBody(office, content, header), seed) };
}
