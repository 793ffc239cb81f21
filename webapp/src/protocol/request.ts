import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, equal, utf8 } from "./bytes.ts";
import { signBytes } from "./curve.ts";
import { fromBase64, fromBase64Url, newId, toBase64, toBase64Url } from "./encoding.ts";
import { malformedUnless, refuseUnless } from "./errors.ts";
import { MAX_TIME } from "./record.ts";
import { verifies } from "./signature.ts";

// RFC 9421 in one strict profile (PROTOCOL section 10).

const COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")';
const MAX_LIFE = 300;
const MAX_AHEAD = 60;

/** What the signature covers: path and query raw, the query without its question mark. */
export interface Target {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly body: Bytes;
}

export interface Terms {
  /** By the relay's clock. */
  readonly created: number;
  readonly expires?: number | undefined;
  readonly nonce?: Bytes | undefined;
}

export interface RequestHeaders extends Record<string, string> {
  readonly "Content-Digest": string;
  readonly "Signature-Input": string;
  readonly Signature: string;
}

function contentDigest(body: Bytes): string {
  return `sha-256=:${toBase64(sha256(body))}:`;
}

/** The signature base, RFC 9421 section 2.5. */
function signatureBase({ method, authority, path, query }: Target, digest: string, params: string): Bytes {
  const lines = [
    `"@method": ${method}`,
    `"@authority": ${authority.toLowerCase()}`,
    `"@path": ${path === "" ? "/" : path}`,
    `"@query": ?${query}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ];
  // A line break inside a value could pass one set of components off as another (RFC 9421 section 7.5.6).
  refuseUnless(
    lines.every((line) => /^[\x20-\x7e]*$/.test(line)),
    "the request's address has a character that is not allowed there",
  );
  return utf8(lines.join("\n"));
}

interface Signer {
  readonly device: Bytes;
  readonly signSeed: Bytes;
}

/** The three headers that admit a device's request to an absolute address. */
export function signRequest(
  signer: Signer,
  { method, url, body = new Uint8Array() }: { method: string; url: string | URL; body?: Bytes | undefined },
  terms: Terms,
): RequestHeaders {
  const { host, pathname, search } = new URL(url);
  return signTarget(signer, { method, authority: host, path: pathname, query: search.slice(1), body }, terms);
}

export function signTarget(
  { device, signSeed }: Signer,
  target: Target,
  { created, expires = created + MAX_LIFE, nonce = newId() }: Terms,
): RequestHeaders {
  const names = `nonce="${toBase64Url(nonce)}";keyid="${toBase64Url(device)}"`;
  const params = `${COMPONENTS};created=${created};expires=${expires};${names};alg="ed25519";tag="qasid-1"`;
  const digest = contentDigest(target.body);
  const signature = signBytes(signatureBase(target, digest, params), signSeed);
  return {
    "Content-Digest": digest,
    "Signature-Input": `qasid=${params}`,
    Signature: `qasid=:${toBase64(signature)}:`,
  };
}

/** What the headers say; nothing is verified. */
export interface RequestSignature {
  readonly device: Bytes;
  readonly nonce: Bytes;
  readonly created: number;
  readonly expires: number;
  readonly digest: string;
  readonly params: string;
  readonly signature: Bytes;
}

const FORMS = {
  "content-digest": /^sha-256=:([^:]*):$/,
  "signature-input": new RegExp(
    `^qasid=(${COMPONENTS.replace(/[()]/g, "\\$&")};created=(0|[1-9]\\d{0,11});expires=(0|[1-9]\\d{0,11});` +
      'nonce="([\\w-]{22})";keyid="([\\w-]{22})";alg="ed25519";tag="qasid-1")$',
  ),
  signature: /^qasid=:([^:]*):$/,
};

/** Malformed unless each of the three headers is there once, exactly in the profile. The relay's side, for tests. */
export function parseRequestSignature(headers: Iterable<readonly [string, string]>): RequestSignature {
  const all = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const read = (name: keyof typeof FORMS): readonly string[] => {
    const values = all.filter(([known]) => known === name).map(([, value]) => value);
    const match = values.length === 1 ? FORMS[name].exec(values[0] ?? "") : null;
    malformedUnless(match !== null, `the header ${name} is missing or not in the profile`);
    return match;
  };
  const [, digest = ""] = read("content-digest");
  const [, params = "", created = "", expires = "", nonce = "", keyid = ""] = read("signature-input");
  const [, signature = ""] = read("signature");
  fromBase64(digest, 32);
  malformedUnless(Math.max(Number(created), Number(expires)) <= MAX_TIME, "the time is out of range");
  return {
    device: fromBase64Url(keyid, 16),
    nonce: fromBase64Url(nonce, 16),
    created: Number(created),
    expires: Number(expires),
    digest: `sha-256=:${digest}:`,
    params,
    signature: fromBase64(signature, 64),
  };
}

/** Refused unless the device signed this very request and it is fresh. Nonces are the caller's to remember. */
export function verifyRequest(parsed: RequestSignature, target: Target, publicKey: Bytes, now: number): void {
  const { created, expires, digest, params, signature } = parsed;
  refuseUnless(created <= expires && expires - created <= MAX_LIFE, "the request lives too long");
  refuseUnless(created <= now + MAX_AHEAD && now < expires, "the request is not valid now");
  refuseUnless(equal(utf8(digest), utf8(contentDigest(target.body))), "the body was changed");
  refuseUnless(verifies(signatureBase(target, digest, params), signature, publicKey), "the signature does not verify");
}
