import { checkAddition, signedAddition } from "../../../src/protocol/addition.ts";
import { signedAcknowledge, signedFetch, signedFollow, signedUpload, undress } from "../../../src/protocol/armour.ts";
import { attachmentRecord } from "../../../src/protocol/attachment.ts";
import { type Bytes, concat, equal } from "../../../src/protocol/bytes.ts";
import { type Card, acceptCard, cardHash, contactCard } from "../../../src/protocol/card.ts";
import {
  SEALED_CHUNK,
  attachmentHash,
  attachmentToken,
  openChunks,
  sealChunk,
  sealChunks,
  tokenHash,
} from "../../../src/protocol/chunk.ts";
import { type Inner, contentRecord, innerRecord } from "../../../src/protocol/content.ts";
import {
  checkApprovals,
  checkCancel,
  checkGo,
  signedApproval,
  signedCancel,
  signedGo,
} from "../../../src/protocol/decision.ts";
import { deviceRecord } from "../../../src/protocol/device.ts";
import { digest, fromBase64Url, kdf, mac } from "../../../src/protocol/encoding.ts";
import { type Urgency, decodeEnvelope, decodeHeader, encodeEnvelope } from "../../../src/protocol/envelope.ts";
import { Malformed, Refused, refuseUnless } from "../../../src/protocol/errors.ts";
import { agree } from "../../../src/protocol/hpke.ts";
import {
  admitHash,
  admitToken,
  contactId,
  decodeLetter,
  encodeLetter,
  enrolMac,
  invitationId,
  openSlip,
  openSlipOf,
  slipRecord,
} from "../../../src/protocol/letter.ts";
import { checkChain, checkFromContact, checkFromOffice, linkOf } from "../../../src/protocol/message.ts";
import { audience, hasPlace, noticeHash, noticeRecord, openPlace, ownPart, verificationCode } from "../../../src/protocol/notice.ts";
import { comparisonNumber } from "../../../src/protocol/number.ts";
import { checkUsable, openPrekey, prekeyRecord, signedPrekey } from "../../../src/protocol/prekey.ts";
import type { Codec } from "../../../src/protocol/record.ts";
import { parseRequestSignature, signTarget, verifyRequest } from "../../../src/protocol/request.ts";
import {
  type Pin,
  type Roster,
  currentEpoch,
  entryRecord,
  follow,
  removalRecord,
  rootRecord,
  rosterRecord,
  signedRoster,
  signedSuccession,
  standing,
} from "../../../src/protocol/roster.ts";
import { openEnvelope, seal } from "../../../src/protocol/sealing.ts";
import { type Signed, type SignedCodec, sign, verifies } from "../../../src/protocol/signature.ts";
import { signedAssent } from "../../../src/protocol/assent.ts";
import { openStatement, signedAnswer, signedConsent, signedWipe } from "../../../src/protocol/statement.ts";
import { approvedBetween, warn, warnedUntil } from "../../../src/protocol/warning.ts";
import { secretOf, wordsOf } from "../../../src/protocol/words.ts";
import { Given, type Plain, exactly, hex, plain, unhex } from "./plain.ts";

// What each `op` of the vectors means, on our TypeScript; tests/vectors/README.md says it in words.

type Out = Record<string, Plain>;
type Operation = (given: Given) => Out;

const record =
  <T>(codec: Codec<T>) =>
  (bytes: Bytes): Plain =>
    plain(exactly(codec, bytes));

const signed =
  <T>(codec: SignedCodec<T>) =>
  (bytes: Bytes): Plain =>
    plain(exactly<Signed<T>>(codec, bytes).value);

export const TYPES: Readonly<Record<string, (bytes: Bytes) => Plain>> = {
  root: record(rootRecord),
  succession: signed(signedSuccession),
  device: record(deviceRecord),
  prekey: record(prekeyRecord),
  "signed prekey": signed(signedPrekey),
  entry: record(entryRecord),
  removal: record(removalRecord),
  roster: record(rosterRecord),
  "signed roster": signed(signedRoster),
  slip: record(slipRecord),
  card: (bytes) => {
    const card: Card = exactly(contactCard, bytes);
    const { cosigner = unhex(""), cosignature = unhex("") } = card;
    return plain({ body: card.value, signature: card.signature, cosigner, cosignature });
  },
  content: (bytes) => {
    const { inner, body, proof = unhex("") } = exactly(contentRecord, bytes);
    exactly(innerRecord, body);
    // The payload's own form is read and written again by innerRecord; vectors hold its bytes.
    const { payload, ...rest } = inner;
    return { inner: { ...(plain(rest) as Out), kind: payload.kind, payload: hex(lastField(body)) }, proof: hex(proof) };
  },
  notice: record(noticeRecord),
  "own part": record(ownPart),
  approval: signed(signedApproval),
  go: signed(signedGo),
  cancel: signed(signedCancel),
  consent: signed(signedConsent),
  assent: signed(signedAssent),
  answer: signed(signedAnswer),
  wipe: signed(signedWipe),
  addition: signed(signedAddition),
  upload: signed(signedUpload),
  fetch: signed(signedFetch),
  acknowledge: signed(signedAcknowledge),
  follow: signed(signedFollow),
};

function lastField(data: Bytes): Bytes {
  let at = 0;
  for (let end = 0; end < data.length; ) {
    at = end + 4;
    end = at + Buffer.from(data.buffer, data.byteOffset + end, 4).readUInt32BE();
  }
  return data.slice(at);
}

function parse(given: Given): Out {
  const read = TYPES[given.text("type")];
  if (!read) throw new Error("an unknown type");
  return { fields: read(given.bytes("bytes")) };
}

function pinOf(given: Given): Pin {
  const root = given.bytes("root");
  const pin = { office: given.bytes("office"), version: given.number("version"), hash: given.bytes("hash") };
  return root.length === 0 ? pin : { ...pin, root };
}

function rosterOf(given: Given): Roster {
  return rosterRecord.decode(given.bytes("roster"));
}

function innerOf(bytes: Bytes): { inner: Inner; body: Bytes } {
  return { inner: innerRecord.decode(bytes), body: bytes };
}

function envelope(given: Given): Out {
  const bytes = given.bytes("bytes");
  const { header, wraps } = exactly({ encode: encodeEnvelope, decode: decodeEnvelope }, bytes);
  const addresses = wraps.map(({ holderKind, holder, prekey, ciphertext }) => ({
    kind: holderKind,
    holder: hex(holder),
    prekey: hex(prekey),
    form: ciphertext.length === 48 ? 0 : 1,
  }));
  return { header: plain(header), wraps: addresses };
}

function sealed(given: Given): Out {
  const recipients = given.list("recipients").map((item) => new Given(item));
  const draws = [given.bytes("envelope_id"), given.bytes("content_key")];
  for (const recipient of recipients) draws.push(recipient.bytes("kem_m"), recipient.bytes("ephemeral"));
  const draw = (size: number): Bytes => {
    const bytes = draws.shift();
    if (bytes?.length !== size) throw new Error("the case does not give the random bytes that are needed");
    return bytes;
  };
  const bytes = seal({
    inner: innerRecord.decode(given.bytes("inner")),
    sender: {
      record: deviceRecord.decode(given.bytes("sender")),
      signSeed: given.bytes("sign_seed"),
      dhSk: given.bytes("dh_sk"),
    },
    recipients: recipients.map((recipient) => ({
      prekey: prekeyRecord.decode(recipient.bytes("prekey")),
      own: recipient.text("own") === "" ? undefined : ownPart.decode(recipient.bytes("own")),
    })),
    now: given.number("now"),
    expires: given.number("expires"),
    urgency: given.number("urgency") as Urgency,
    draw,
  });
  return { envelope: hex(bytes) };
}

function open(given: Given): Out {
  const prekey = {
    prekey: prekeyRecord.decode(given.bytes("prekey")),
    dhSk: given.bytes("dh_sk"),
    kemSeed: given.bytes("kem_seed"),
  };
  const sender = deviceRecord.decode(given.bytes("sender"));
  const { content, own } = openEnvelope(given.bytes("envelope"), { sender, prekey });
  return { content: hex(contentRecord.encode(content)), own: own ? hex(ownPart.encode(own)) : "" };
}

function repeated(given: Given, size: number): Bytes {
  const pattern = given.bytes("pattern");
  return Uint8Array.from({ length: size }, (_, at) => pattern[at % pattern.length] ?? 0);
}

function sealAttachment(given: Given): Out {
  const attachment = attachmentRecord.decode(given.bytes("attachment"));
  const chunks = sealChunks(attachment, given.bytes("office"), repeated(given, attachment.size));
  if (chunks.some(({ length }) => length !== SEALED_CHUNK)) throw new Error("a chunk has another length");
  const token = attachmentToken(attachment);
  return { chunks: chunks.map((sealed) => hex(digest("chunk", sealed))), token: hex(token), token_hash: hex(tokenHash(token)) };
}

/** A chunk as somebody honest or not may seal it, and then changed. */
function sealedChunk(given: Given): Bytes {
  const attachment = attachmentRecord.decode(given.bytes("attachment"));
  const plain = concat(repeated(given, given.number("size")), given.bytes("tail"));
  const how = { n: given.number("n"), last: given.flag("last"), plain };
  const sealed = sealChunk(attachment, given.bytes("office"), how);
  const at = given.number("flip");
  if (at >= 0) sealed[at] = (sealed[at] ?? 0) ^ 1;
  return sealed.slice(0, sealed.length - given.number("cut"));
}

function openAttachment(given: Given): Out {
  const attachment = attachmentRecord.decode(given.bytes("attachment"));
  const chunks = given.list("chunks").map((item) => sealedChunk(new Given(item)));
  return { hash: hex(attachmentHash(openChunks(attachment, given.bytes("office"), chunks))) };
}

function usable(given: Given): Out {
  const prekey = openPrekey(given.bytes("wire"), deviceRecord.decode(given.bytes("device")));
  checkUsable(prekey, given.number("now"), given.number("seen"));
  return {};
}

function secret(given: Given): Out {
  const value = given.bytes("secret");
  const token = admitToken(value);
  return {
    invitation: hex(invitationId(value)),
    contact: hex(contactId(value)),
    admit_token: hex(token),
    admit_hash: hex(admitHash(token)),
    words: wordsOf(value),
  };
}

function letter(given: Given): Out {
  const read = decodeLetter(given.text("text"));
  if (encodeLetter(read) !== given.text("text")) throw new Error("the letter has a second spelling");
  return plain(read) as Out;
}

function slip(given: Given): Out {
  const [bytes, tag] = [given.bytes("slip"), given.bytes("tag")];
  const text = given.text("letter");
  const read = text === "" ? openSlip(given.bytes("secret"), bytes, tag) : openSlipOf(decodeLetter(text), bytes, tag);
  return { fields: plain(read) };
}

function enrol(given: Given): Out {
  const expected = enrolMac(given.bytes("secret"), {
    office: given.bytes("office"),
    rosterVersion: given.number("roster_version"),
    contact: given.bytes("contact"),
    device: deviceRecord.decode(given.bytes("device")),
  });
  refuseUnless(hex(expected) === given.text("mac"), "the MAC is another");
  return {};
}

function card(given: Given): Out {
  const read = contactCard.decode(given.bytes("card"));
  const held = given.text("held") === "" ? undefined : contactCard.decode(given.bytes("held"));
  const former = given.allBytes("former").map(entryRecord.decode);
  const own = deviceRecord.decode(given.bytes("own"));
  acceptCard(read, { roster: rosterOf(given), own, held, former });
  return { hash: hex(cardHash(read)) };
}

function fromOffice(given: Given): Out {
  const content = contentRecord.decode(given.bytes("content"));
  const header = decodeHeader(given.bytes("header"));
  const followed = { roster: rosterOf(given), pin: pinOf(given.given("pin")) };
  const entry = checkFromOffice(content, header, { me: deviceRecord.decode(given.bytes("me")), followed });
  return { role_code: entry.roleCode };
}

function fromContact(given: Given): Out {
  const content = contentRecord.decode(given.bytes("content"));
  const header = decodeHeader(given.bytes("header"));
  checkFromContact(content, header, { sender: deviceRecord.decode(given.bytes("sender")), pin: pinOf(given.given("pin")) });
  return {};
}

function chain(given: Given): Out {
  const { inner } = innerOf(given.bytes("inner"));
  if (given.text("last") === "") return { follows: checkChain(inner, undefined) === "follows" };
  const last = innerOf(given.bytes("last"));
  // Links are kept per sender and thread, so that checkChain is never asked this.
  const same = equal(inner.sender, last.inner.sender) && equal(inner.thread, last.inner.thread);
  refuseUnless(same, "the message is of another thread");
  return { follows: checkChain(inner, linkOf(last)) === "follows" };
}

function approvals(given: Given): Out {
  const notice = noticeRecord.decode(given.bytes("notice"));
  checkApprovals(notice, given.allBytes("approvals").map(signedApproval.decode), rosterOf(given));
  return { content_hash: hex(noticeHash(notice)) };
}

function go(given: Given): Out {
  const notice = noticeRecord.decode(given.bytes("notice"));
  const value = checkGo(signedGo.decode(given.bytes("go")), notice, rosterOf(given), given.number("now"));
  return { place: hasPlace(notice) ? openPlace(notice, value.placeKey) : "" };
}

function cancel(given: Given): Out {
  const notice = noticeRecord.decode(given.bytes("notice"));
  return { reason: checkCancel(signedCancel.decode(given.bytes("cancel")), notice, rosterOf(given)).reason };
}

function alert(given: Given): Out {
  const [alert, notice] = [noticeRecord.decode(given.bytes("alert")), noticeRecord.decode(given.bytes("notice"))];
  const warnings = equal(alert.office, notice.office)
    ? warn({}, alert, given.allBytes("warnings").map(signedApproval.decode))
    : {};
  const [first] = approvedBetween(given.allBytes("approvals").map(signedApproval.decode));
  return { void: first <= warnedUntil(warnings, notice) };
}

function statement(given: Given): Out {
  const wire = given.bytes("wire");
  const device = deviceRecord.decode(given.bytes("device"));
  switch (given.text("type")) {
    case "consent":
      return { fields: plain(openStatement(signedConsent, wire, device)) };
    case "assent":
      return { fields: plain(openStatement(signedAssent, wire, device)) };
    case "answer":
      return { fields: plain(openStatement(signedAnswer, wire, device)) };
    case "wipe":
      return { fields: plain(openStatement(signedWipe, wire, device)) };
    default:
      throw new Error("an unknown statement");
  }
}

function target(given: Given) {
  return {
    method: given.text("method"),
    authority: given.text("authority"),
    path: given.text("path"),
    query: given.text("query"),
    body: given.bytes("body"),
  };
}

function request(given: Given): Out {
  const headers = given.list("headers") as readonly (readonly [string, string])[];
  const parsed = parseRequestSignature(headers);
  verifyRequest(parsed, target(given), given.bytes("public"), given.number("now"));
  return { device: hex(parsed.device), nonce: hex(parsed.nonce), expires: parsed.expires };
}

function signRequest(given: Given): Out {
  const signer = { device: given.bytes("device"), signSeed: given.bytes("seed") };
  const terms = {
    created: given.number("created"),
    nonce: given.bytes("nonce"),
    expires: given.has("expires") ? given.number("expires") : undefined,
  };
  return { headers: signTarget(signer, target(given), terms) };
}

const OPS: Readonly<Record<string, Operation>> = {
  hash: (v) => ({ hash: hex(digest(v.text("purpose"), v.bytes("data"))) }),
  mac: (v) => ({ mac: hex(mac(v.text("purpose"), v.bytes("key"), v.bytes("data"))) }),
  kdf: (v) => ({ key: hex(kdf(v.bytes("ikm"), v.bytes("salt"), v.text("purpose"), v.number("length"))) }),
  base64url: (v) => ({ bytes: hex(fromBase64Url(v.text("text"))) }),
  sign: (v) => ({ signature: hex(sign(v.text("purpose"), v.bytes("data"), v.bytes("seed"))) }),
  verify: (v) => {
    refuseUnless(verifies(v.bytes("message"), v.bytes("signature"), v.bytes("public")), "it does not verify");
    return {};
  },
  x25519: (v) => ({ shared: hex(agree(v.bytes("private"), v.bytes("public"))) }),
  parse,
  follow: (v) => {
    const { pin } = follow(pinOf(v.given("pin")), v.bytes("roster"));
    return { pin: plain(pin) };
  },
  usable,
  epoch: (v) => ({ prekey: hex(currentEpoch(rosterOf(v), v.number("now")).prekey) }),
  standing: (v) => {
    const entry = standing(rosterOf(v), v.bytes("device"), v.number("at"), v.number("roles"));
    return { role_code: entry.roleCode };
  },
  secret,
  letter,
  words: (v) => ({ secret: hex(secretOf(v.text("words"))) }),
  slip,
  enrol,
  number: (v) => ({ groups: comparisonNumber(deviceRecord.decode(v.bytes("device"))) }),
  card,
  envelope,
  seal: sealed,
  open,
  "seal attachment": sealAttachment,
  "open attachment": openAttachment,
  "from office": fromOffice,
  "from contact": fromContact,
  chain,
  code: (v) => ({ code: verificationCode(noticeRecord.decode(v.bytes("notice"))) }),
  audience: (v) => ({ audience: hex(audience(v.bytes("salt"), v.allBytes("contacts"))) }),
  approvals,
  go,
  cancel,
  alert,
  statement,
  addition: (v) => {
    const held = contactCard.decode(v.bytes("card"));
    return { fields: plain(checkAddition(v.bytes("wire"), held, v.number("now"))) };
  },
  undress: (v) => {
    const { kind, payload } = undress(v.text("text"));
    return { type: kind, payload: hex(payload) };
  },
  request,
  "sign request": signRequest,
};

export interface Result {
  readonly out: Plain;
  readonly fails: "malformed" | "refused" | null;
}

/** `out` and `fails` of a case. Any other error is one of ours. */
export function run(op: string, given: Plain): Result {
  const operation = OPS[op];
  if (!operation) throw new Error(`the op ${op} is unknown`);
  try {
    return { out: operation(new Given(given)), fails: null };
  } catch (error) {
    if (error instanceof Malformed) return { out: null, fails: "malformed" };
    if (error instanceof Refused) return { out: null, fails: "refused" };
    throw error;
  }
}
