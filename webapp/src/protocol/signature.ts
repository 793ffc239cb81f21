import { mod } from "@noble/curves/abstract/modular.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, equal } from "./bytes.ts";
import { ORDER, Point, signBytes, signingPublicKey } from "./curve.ts";
import { labelled } from "./encoding.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { type Codec, fixed, raw, struct } from "./record.ts";

/**
 * Ed25519 verification, cofactorless and strict (PROTOCOL section 1). The library's own `verify` is cofactored, so it
 * accepts signatures with a torsion component that libsodium refuses; the two sides of a protocol must not differ.
 * R needs no decoding: bytes equal to a canonical encoding are canonical.
 */
export function verifies(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  const r = signature.subarray(0, 32);
  const s = bytesToNumberLE(signature.subarray(32));
  if (s >= ORDER) return false;
  let key;
  try {
    key = Point.fromBytes(publicKey, false);
  } catch {
    return false;
  }
  if (key.isSmallOrder()) return false;
  const k = mod(bytesToNumberLE(sha512(concat(r, publicKey, message))), ORDER);
  const point = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
  return !point.isSmallOrder() && equal(point.toBytes(), r);
}

/** `sign(p, x)`: 64 bytes; the seed is the 32-byte private key of RFC 8032. */
export function sign(purpose: string, x: Uint8Array, seed: Uint8Array): Bytes {
  return signBytes(labelled(purpose, x), seed);
}

/** Refused unless the signature is `sign(p, x)` by the owner of the key. */
export function check(purpose: string, x: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): void {
  refuseUnless(verifies(labelled(purpose, x), signature, publicKey), "the signature does not verify");
}

export function signingKey(seed: Uint8Array): Bytes {
  return signingPublicKey(seed);
}

/** A parsed `signed(p, x)`: its signature has not been checked. */
export interface Signed<T> {
  readonly value: T;
  readonly body: Bytes;
  readonly signature: Bytes;
}

export interface SignedCodec<T> extends Codec<Signed<T>> {
  /** `signed(p, x)` on the wire. */
  readonly sign: (value: T, seed: Uint8Array) => Bytes;
  /** Refused unless the key signed it. */
  readonly verify: (signed: Signed<T>, publicKey: Uint8Array) => T;
  /** decode and verify. */
  readonly open: (wire: Bytes, publicKey: Uint8Array) => T;
}

const pair = struct<{ body: Bytes; signature: Bytes }>({ body: raw, signature: fixed(64) });

/** The form `signed(purpose, x)` of a record, of at most `max` bytes. */
export function signedAs<T>(purpose: string, codec: Codec<T>, max = Infinity): SignedCodec<T> {
  const decode = (wire: Bytes): Signed<T> => {
    malformedUnless(wire.length <= max, "it is too large");
    const { body, signature } = pair.decode(wire);
    return { value: codec.decode(body), body, signature };
  };
  const verify = (signed: Signed<T>, publicKey: Uint8Array): T => {
    check(purpose, signed.body, signed.signature, publicKey);
    return signed.value;
  };
  return {
    encode: pair.encode,
    decode,
    verify,
    open: (wire, publicKey) => verify(decode(wire), publicKey),
    sign: (value, seed) => {
      const body = codec.encode(value);
      return pair.encode({ body, signature: sign(purpose, body, seed) });
    },
  };
}
