import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, uint, utf8 } from "./bytes.ts";
import { dhPublicKey, x25519 } from "./curve.ts";
import { random } from "./encoding.ts";
import { Refused } from "./errors.ts";

// RFC 9180 for one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305; all four modes.

const NONE = new Uint8Array();
const KEM = concat(utf8("KEM"), uint(0x0020, 2));
const HPKE = concat(utf8("HPKE"), uint(0x0020, 2), uint(0x0001, 2), uint(0x0003, 2));

export interface Psk {
  readonly key: Bytes;
  readonly id: Bytes;
}

/** What both sides agree on; one for each set-up. */
export interface Context {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
}

function labeledExtract(suite: Bytes, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return extract(sha256, concat(utf8("HPKE-v1"), suite, utf8(label), ikm), salt);
}

function labeledExpand(suite: Bytes, prk: Uint8Array, label: string, info: Uint8Array, size: number): Uint8Array {
  return expand(sha256, prk, concat(uint(size, 2), utf8("HPKE-v1"), suite, utf8(label), info), size);
}

/** X25519; Refused when the shared secret is zero (RFC 9180 section 7.1.4). */
export function agree(secret: Bytes, publicKey: Bytes): Uint8Array {
  try {
    return x25519.getSharedSecret(secret, publicKey);
  } catch {
    throw new Refused("the X25519 key is not usable");
  }
}

/** Section 4.1: ExtractAndExpand. */
function sharedSecret(secrets: readonly Uint8Array[], context: readonly Bytes[]): Uint8Array {
  const prk = labeledExtract(KEM, NONE, "eae_prk", concat(...secrets));
  return labeledExpand(KEM, prk, "shared_secret", concat(...context), 32);
}

/** Section 5.1: KeySchedule. */
function schedule(shared: Uint8Array, auth: boolean, info: Bytes, psk: Psk | undefined): Context {
  const mode = (psk ? 1 : 0) + (auth ? 2 : 0);
  const context = concat(
    uint(mode, 1),
    labeledExtract(HPKE, NONE, "psk_id_hash", psk?.id ?? NONE),
    labeledExtract(HPKE, NONE, "info_hash", info),
  );
  const secret = labeledExtract(HPKE, shared, "secret", psk?.key ?? NONE);
  return {
    key: labeledExpand(HPKE, secret, "key", context, 32),
    baseNonce: labeledExpand(HPKE, secret, "base_nonce", context, 12),
  };
}

export interface SenderSetup {
  readonly pkR: Bytes;
  readonly info: Bytes;
  readonly psk?: Psk | undefined;
  /** The sender's private key, in the authenticated modes. */
  readonly skS?: Bytes | undefined;
  /** The ephemeral private key: random, but for known answers. */
  readonly skE?: Bytes | undefined;
}

/** The sender's context, and `enc` for the receiver. Refused for a public key that is not usable. */
export function setUpSender({ pkR, info, psk, skS, skE = random(32) }: SenderSetup): { enc: Bytes; context: Context } {
  const enc = dhPublicKey(skE);
  const secrets = [agree(skE, pkR)];
  const kemContext = [enc, pkR];
  if (skS) {
    secrets.push(agree(skS, pkR));
    kemContext.push(dhPublicKey(skS));
  }
  return { enc, context: schedule(sharedSecret(secrets, kemContext), skS !== undefined, info, psk) };
}

export interface ReceiverSetup {
  readonly enc: Bytes;
  readonly skR: Bytes;
  readonly info: Bytes;
  readonly psk?: Psk | undefined;
  /** The sender's public key, in the authenticated modes. */
  readonly pkS?: Bytes | undefined;
}

/** The receiver's context. Refused for a public key that is not usable. */
export function setUpReceiver({ enc, skR, info, psk, pkS }: ReceiverSetup): Context {
  const secrets = [agree(skR, enc)];
  const kemContext = [enc, dhPublicKey(skR)];
  if (pkS) {
    secrets.push(agree(skR, pkS));
    kemContext.push(pkS);
  }
  return schedule(sharedSecret(secrets, kemContext), pkS !== undefined, info, psk);
}

function nonceOf({ baseNonce }: Context, sequence: number): Uint8Array {
  return uint(sequence, 12).map((byte, at) => byte ^ (baseNonce[at] ?? 0));
}

/** Section 5.2, for the message of that sequence number. */
export function sealMessage(context: Context, aad: Bytes, plaintext: Bytes, sequence = 0): Bytes {
  return chacha20poly1305(context.key, nonceOf(context, sequence), aad).encrypt(plaintext);
}

/** Refused when it does not open. */
export function openMessage(context: Context, aad: Bytes, ciphertext: Bytes, sequence = 0): Bytes {
  return unseal(context.key, nonceOf(context, sequence), aad, ciphertext);
}

/** ChaCha20-Poly1305 (RFC 8439); Refused when it does not open. */
export function unseal(key: Uint8Array, nonce: Uint8Array, aad: Bytes, ciphertext: Bytes): Bytes {
  try {
    return chacha20poly1305(key, nonce, aad).decrypt(ciphertext);
  } catch {
    throw new Refused("it does not open: it was changed, or sealed for someone else");
  }
}
