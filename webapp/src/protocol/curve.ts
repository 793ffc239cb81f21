import { mod, pow } from "@noble/curves/abstract/modular.js";
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { hashes, Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";

// Ed25519 (RFC 8032) from noble's library for it alone, X25519 (RFC 7748 section 5) from noble's general curves. Their
// Edwards curves make tables for any curve and bring Weierstrass arithmetic along: 5 KiB more for every phone to load,
// and slower.

hashes.sha512 = sha512;

const { p: P, n: ORDER } = Point.CURVE();

function clamp(scalar: Uint8Array): Uint8Array {
  const [first = 0] = scalar;
  scalar[0] = first & 248;
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64;
  return scalar;
}

function inverse(x: bigint): bigint {
  return pow(x, P - 2n, P);
}

export { ORDER, Point };
// Verification is signature.ts's own.
export { sign as signBytes, getPublicKey as signingPublicKey } from "@noble/ed25519";

export const x25519 = montgomery({
  P,
  type: "x25519",
  powPminus2: inverse,
  adjustScalarBytes: clamp,
  // A public key is a multiple of the base point, for which the Edwards form has tables: u = (Z + Y) / (Z - Y).
  scalarMultBase: (scalar) => {
    const { Z, Y } = Point.BASE.multiply(mod(scalar, ORDER));
    return mod((Z + Y) * inverse(mod(Z - Y, P)), P);
  },
});

export function dhPublicKey(secret: Bytes): Bytes {
  return x25519.getPublicKey(secret);
}
