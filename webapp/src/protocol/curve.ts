import { eddsa, edwards } from "@noble/curves/abstract/edwards.js";
import { mod, pow } from "@noble/curves/abstract/modular.js";
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { sha512 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes.ts";

// Ed25519 (RFC 8032 section 5.1) and X25519 (RFC 7748 section 5) from noble's general curves. Its ready-made module
// brings hashing to curves, ristretto and threshold signatures along: 1.5 KiB more for every phone to load.

const P = 2n ** 255n - 19n;
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;

function clamp(scalar: Uint8Array): Uint8Array {
  const [first = 0] = scalar;
  scalar[0] = first & 248;
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64;
  return scalar;
}

function inverse(x: bigint): bigint {
  return pow(x, P - 2n, P);
}

export const Point = edwards({
  p: P,
  n: 2n ** 252n + 27742317777372353535851937790883648493n,
  h: 8n,
  a: P - 1n,
  d: mod(-121665n * inverse(121666n), P),
  Gx: BASE_X,
  Gy: BASE_Y,
});

const ed25519 = eddsa(Point, sha512, { adjustScalarBytes: clamp });

// Verification is signature.ts's own.
export const { sign: signBytes, getPublicKey: signingPublicKey } = ed25519;

export const x25519 = montgomery({
  P,
  type: "x25519",
  powPminus2: inverse,
  adjustScalarBytes: clamp,
  // A public key is a multiple of the base point, for which the Edwards form has tables: u = (Z + Y) / (Z - Y).
  scalarMultBase: (scalar) => {
    const { Z, Y } = Point.BASE.multiply(mod(scalar, Point.Fn.ORDER));
    return mod((Z + Y) * inverse(mod(Z - Y, P)), P);
  },
});

export function dhPublicKey(secret: Bytes): Bytes {
  return x25519.getPublicKey(secret);
}
