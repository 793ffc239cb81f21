import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { createPrivateKey, decapsulate, encapsulate } from "node:crypto";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bytes, concat } from "../../src/protocol/bytes.ts";
import { dhPublicKey } from "../../src/protocol/curve.ts";
import { openMessage, sealMessage, setUpReceiver, setUpSender } from "../../src/protocol/hpke.ts";
import { kemPublicKey } from "../../src/protocol/keys.ts";

// Our HPKE against @hpke/core, our ML-KEM against node's own, in both directions.

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
});

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }) as fc.Arbitrary<Bytes>;
const upTo = (size: number) => fc.uint8Array({ maxLength: size }) as fc.Arbitrary<Bytes>;

const setting = fc.record({
  skR: bytes(32),
  skS: bytes(32),
  psk: fc.record({ key: bytes(32), id: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  info: upTo(64),
  aad: upTo(64),
  plaintext: upTo(200),
});

async function keyPair(secret: Bytes) {
  return {
    privateKey: await suite.kem.deserializePrivateKey(secret),
    publicKey: await suite.kem.deserializePublicKey(dhPublicKey(secret)),
  };
}

test("what @hpke/core seals in mode AuthPSK we open, and it opens what we seal", async () => {
  await fc.assert(
    fc.asyncProperty(setting, async ({ skR, skS, psk, info, aad, plaintext }) => {
      const [receiver, sender] = await Promise.all([keyPair(skR), keyPair(skS)]);
      const common = { info, psk };
      const theirs = await suite.createSenderContext({ ...common, recipientPublicKey: receiver.publicKey, senderKey: sender.privateKey });
      const sealed = new Uint8Array(await theirs.seal(plaintext, aad));
      const enc = new Uint8Array(theirs.enc);
      const context = setUpReceiver({ enc, skR, ...common, pkS: dhPublicKey(skS) });
      expect(openMessage(context, aad, sealed)).toEqual(plaintext);

      const ours = setUpSender({ pkR: dhPublicKey(skR), ...common, skS });
      const opener = await suite.createRecipientContext({ ...common, recipientKey: receiver.privateKey, enc: ours.enc, senderPublicKey: sender.publicKey });
      expect(new Uint8Array(await opener.open(sealMessage(ours.context, aad, plaintext), aad))).toEqual(plaintext);
    }),
    { numRuns: 40 },
  );
});

test("node's ML-KEM-768 and ours understand each other from the same seed", () => {
  fc.assert(
    fc.property(bytes(64), (seed) => {
      const pub = kemPublicKey(seed);
      const jwk = {
        kty: "AKP",
        alg: "ML-KEM-768",
        priv: Buffer.from(seed).toString("base64url"),
        pub: Buffer.from(pub).toString("base64url"),
      };
      const key = createPrivateKey({ key: jwk, format: "jwk" });
      const ours = ml_kem768.encapsulate(pub);
      expect(concat(decapsulate(key, ours.cipherText))).toEqual(ours.sharedSecret);
      const theirs = encapsulate(key);
      const shared = ml_kem768.decapsulate(concat(theirs.ciphertext), ml_kem768.keygen(seed).secretKey);
      expect(concat(theirs.sharedKey)).toEqual(shared);
    }),
    { numRuns: 20 },
  );
});
