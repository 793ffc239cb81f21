import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { createDecipheriv, createHash, createPrivateKey, createPublicKey, decapsulate, hkdfSync, verify } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";

// The second implementer: opens the committed vectors by following docs/PROTOCOL.md, with @hpke/core and node's own
// cryptography. Nothing here comes from src/protocol.

interface Given {
  readonly envelope: string;
  readonly sender: string;
  readonly prekey: string;
  readonly dh_sk: string;
  readonly kem_seed: string;
}

interface Case {
  readonly name: string;
  readonly op: string;
  readonly in: Given;
  readonly out: { readonly content: string; readonly own: string };
  readonly fails: string | null;
}

const folder = new URL("../../../tests/vectors/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => /^(py|ts)-.*\.json$/.test(name))
  .flatMap((file) => {
    const { cases: all } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { readonly cases: readonly Case[] };
    return all.filter(({ op }) => op === "open").map((one) => ({ ...one, name: `${file}: ${one.name}` }));
  });

const hex = (text: string): Buffer => Buffer.from(text, "hex");

/** Section 1: lp, rec, H, KDF. */
const lp = (x: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(x.length);
  return Buffer.concat([length, x]);
};
const rec = (...fields: Uint8Array[]): Buffer => Buffer.concat(fields.map(lp));
const unrec = (x: Buffer): Buffer[] =>
  x.length === 0 ? [] : [x.subarray(4, 4 + x.readUInt32BE()), ...unrec(x.subarray(4 + x.readUInt32BE()))];
const H = (p: string, x: Buffer): Buffer => createHash("sha256").update(`qasid/1 ${p}\0`).update(x).digest();
const KDF = (ikm: Buffer, p: string): Buffer => Buffer.from(hkdfSync("sha256", ikm, "", `qasid/1 ${p}`, 32));

function must(condition: boolean): asserts condition {
  if (!condition) throw new Error("refused");
}

/** Section 5: the envelope's byte table. */
function read(envelope: Buffer) {
  const header = envelope.subarray(0, 84);
  must(header[0] === 1 && header[1] === 1);
  const size = 512 * 2 ** (header[50] ?? 0);
  const end = 84 + size + 16;
  const wraps: Buffer[] = [];
  let at = end + 2;
  for (let left = envelope.readUInt16BE(end); left > 0; left--) {
    const length = 1154 + (envelope[at + 1153] === 1 ? 144 : 48);
    wraps.push(envelope.subarray(at, at + length));
    at += length;
  }
  must(at === envelope.length);
  return { header, size, body: envelope.subarray(84, end), wraps };
}

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });

/** The private key of the two seeds `d || z`; node wants the public half beside it, which the prekey record has. */
function kemKey(seed: Buffer, pub: Buffer) {
  const key = { kty: "AKP", alg: "ML-KEM-768", priv: seed.toString("base64url"), pub: pub.toString("base64url") };
  return createPrivateKey({ key, format: "jwk" });
}

async function open(given: Given): Promise<{ content: string; own: string; signed: boolean }> {
  const sender = hex(given.sender);
  const prekey = hex(given.prekey);
  const { header, size, body, wraps } = read(hex(given.envelope));
  const [office, ownerKind, , device, signPk, dhPk] = unrec(sender) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const prekeyFields = unrec(prekey);
  const [holderKind, holder, prekeyId] = prekeyFields.slice(1, 4) as [Buffer, Buffer, Buffer];
  must(header.subarray(18, 34).equals(device));
  const address = Buffer.concat([holderKind, holder, prekeyId]);
  const wrap = wraps.find((candidate) => candidate.subarray(0, 33).equals(address));
  must(wrap !== undefined);

  const kemCt = wrap.subarray(33, 1121);
  const ss = decapsulate(kemKey(hex(given.kem_seed), prekeyFields[9] ?? Buffer.alloc(0)), kemCt);
  const context = await suite.createRecipientContext({
    recipientKey: await suite.kem.deserializePrivateKey(new Uint8Array(hex(given.dh_sk))),
    senderPublicKey: await suite.kem.deserializePublicKey(new Uint8Array(dhPk)),
    enc: new Uint8Array(wrap.subarray(1121, 1153)),
    psk: { id: new TextEncoder().encode("qasid/1 ML-KEM-768"), key: new Uint8Array(ss) },
    info: new Uint8Array(H("wrap", rec(Buffer.from([1]), sender, prekey, kemCt))),
  });
  const aad = new Uint8Array(H("envelope", rec(header, body)));
  const plaintext = Buffer.from(await context.open(new Uint8Array(wrap.subarray(1154)), aad));

  const key = plaintext.subarray(0, 32);
  must(KDF(key, "commit").equals(header.subarray(52)));
  const cipher = createDecipheriv("chacha20-poly1305", KDF(key, "body"), Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(header, { plaintextLength: size });
  cipher.setAuthTag(body.subarray(size));
  const padded = Buffer.concat([cipher.update(body.subarray(0, size)), cipher.final()]);
  const length = padded.readUInt32BE();
  must(4 + length <= size && padded.subarray(4 + length).every((byte) => byte === 0));
  must(size === 512 || 4 + length > size / 2);
  const content = padded.subarray(4, 4 + length);

  let own = "";
  if (plaintext.length === 128) {
    const ownLength = plaintext.readUInt16BE(32);
    must(ownLength <= 94 && plaintext.subarray(34 + ownLength).every((byte) => byte === 0));
    own = plaintext.subarray(34, 34 + ownLength).toString("hex");
  }
  const signed = ownerKind[0] === 2 && proved(content, { header, office, signPk });
  return { content: content.toString("hex"), own, signed };
}

/** Section 6: the office's proof. */
function proved(content: Buffer, { header, office, signPk }: Record<"header" | "office" | "signPk", Buffer>): boolean {
  const [inner, proof] = unrec(content) as [Buffer, Buffer];
  const [, kind, device, recipient, thread, , , , version] = unrec(inner) as [Buffer, ...Buffer[]];
  const [envelope, commitment] = [header.subarray(2, 18), header.subarray(52)];
  const fields = [office, version, device, recipient, thread, kind, envelope, commitment, H("content", inner)];
  const message = Buffer.concat([Buffer.from("qasid/1 office\0"), rec(...(fields as Buffer[]))]);
  const x = signPk.toString("base64url");
  return verify(null, message, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }), proof);
}

const opened = cases.filter(({ fails }) => fails === null);
const refused = cases.filter(({ fails }) => fails === "refused");

test.each(opened)("opens $name", async (one) => {
  const { content, own } = await open(one.in);
  expect({ content, own }).toEqual(one.out);
});

test.each(refused)("refuses $name", async (one) => {
  await expect(open(one.in)).rejects.toThrow(/./);
});

test("vectors of both languages were opened, with offices' proofs among them", async () => {
  const results = await Promise.all(opened.map((one) => open(one.in)));
  const proofs = results.filter(({ signed }) => signed).length;
  console.log(`second implementer: ${opened.length} opened, ${proofs} of them signed, ${refused.length} refused`);
  for (const language of ["py-", "ts-"]) {
    expect(opened.filter(({ name }) => name.startsWith(language)).length).toBeGreaterThan(3);
    expect(refused.filter(({ name }) => name.startsWith(language)).length).toBeGreaterThan(10);
  }
  expect(proofs).toBeGreaterThan(2);
});
