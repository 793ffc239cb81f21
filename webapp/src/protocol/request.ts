import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, equal, utf8 } from "./bytes.ts";
import { fromBase64, fromBase64Url, newId, toBase64, toBase64Url } from "./encoding.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { MAX_TIME } from "./record.ts";
import { verifies } from "./signature.ts";

// RFC 9421 in one strict profile (PROTOCOL section 10).

const COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")';
const MAX_LIFE = 300;
const MAX_AHEAD = 60;

/** A request as it will be sent: `url` is absolute. */
export interface Request {
  readonly method: string;
  readonly url: string | URL;
  readonly body?: Bytes | undefined;
}

export interface RequestHeaders extends Record<string, string> {
  readonly "Content-Digest": string;
  readonly "Signature-Input": string;
  readonly Signature: string;
}

export interface RequestTerms {
  /** By the relay's clock. */
  readonly created: number;
  readonly expires?: number;
  readonly nonce?: Bytes;
}

function contentDigest(body: Bytes = new Uint8Array()): string {
  return `sha-256=:${toBase64(sha256(body))}:`;
}

/** The signature base, RFC 9421 section 2.5. */
function signatureBase({ method, url }: Request, digest: string, params: string): Bytes {
  const { host, pathname, search } = new URL(url);
  const lines = [
    `"@method": ${method}`,
    `"@authority": ${host}`,
    `"@path": ${pathname}`,
    `"@query": ${search || "?"}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ];
  return utf8(lines.join("\n"));
}

/** The three headers that admit a device's request. */
export function signRequest(
  device: { readonly device: Bytes; readonly signSeed: Bytes },
  request: Request,
  { created, expires = created + MAX_LIFE, nonce = newId() }: RequestTerms,
): RequestHeaders {
  const names = `nonce="${toBase64Url(nonce)}";keyid="${toBase64Url(device.device)}"`;
  const params = `${COMPONENTS};created=${created};expires=${expires};${names};alg="ed25519";tag="qasid-1"`;
  const digest = contentDigest(request.body);
  const signature = ed25519.sign(signatureBase(request, digest, params), device.signSeed);
  return {
    "Content-Digest": digest,
    "Signature-Input": `qasid=${params}`,
    Signature: `qasid=:${toBase64(signature)}:`,
  };
}

export interface RequestSignature {
  readonly device: Bytes;
  readonly nonce: Bytes;
  readonly created: number;
  readonly expires: number;
  readonly digest: string;
  readonly params: string;
  readonly signature: Bytes;
}

const INPUT = new RegExp(
  `^qasid=(${COMPONENTS.replace(/[()]/g, "\\$&")};created=(0|[1-9]\\d{0,11});expires=(0|[1-9]\\d{0,11});` +
    'nonce="([\\w-]{22})";keyid="([\\w-]{22})";alg="ed25519";tag="qasid-1")$',
);

/** Malformed unless the headers are exactly of the profile. */
export function parseRequestSignature(headers: RequestHeaders): RequestSignature {
  const input = INPUT.exec(headers["Signature-Input"]);
  malformedUnless(input !== null, "the signature's parameters are not of the profile");
  const [, params = "", created, expires, nonce = "", keyid = ""] = input;
  const signature = /^qasid=:([^:]*):$/.exec(headers.Signature);
  const digest = /^sha-256=:([^:]*):$/.exec(headers["Content-Digest"]);
  malformedUnless(signature !== null && digest !== null, "the signature or the digest is not of the profile");
  fromBase64(digest[1] ?? "", 32);
  malformedUnless(Math.max(Number(created), Number(expires)) <= MAX_TIME, "the time is out of range");
  return {
    device: fromBase64Url(keyid, 16),
    nonce: fromBase64Url(nonce, 16),
    created: Number(created),
    expires: Number(expires),
    digest: headers["Content-Digest"],
    params,
    signature: fromBase64(signature[1] ?? "", 64),
  };
}

/** Refused unless the device signed this very request and it is fresh. Nonces are the caller's to remember. */
export function verifyRequest(parsed: RequestSignature, request: Request, publicKey: Bytes, now: number): void {
  const { created, expires, digest, params, signature } = parsed;
  refuseUnless(created <= expires && expires - created <= MAX_LIFE, "the request lives too long");
  refuseUnless(created <= now + MAX_AHEAD && now < expires, "the request is not valid now");
  refuseUnless(equal(utf8(digest), utf8(contentDigest(request.body))), "the body was changed");
  refuseUnless(verifies(signatureBase(request, digest, params), signature, publicKey), "the signature does not verify");
}
