/**
 * Everything private the app keeps of one person, sealed under their master key, each part with its name as associated
 * data. Each person on this phone has a safe of their own.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import * as disk from "./disk.ts";
import { pack, unpack } from "./json.ts";
import { FIRST } from "./safes.ts";

/** Random; one phone writes millions of times too seldom for two to meet. */
const NONCE = 12;

export class Safe {
  readonly id: string;
  readonly #key: Uint8Array;
  /** Writes go one after the other, in the order they were asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(key: Uint8Array, id = FIRST) {
    this.#key = key;
    this.id = id;
  }

  /** The part kept under this name, or undefined when there is none. Throws when it does not open. */
  async load(name: string): Promise<unknown> {
    const sealed = await disk.read<Uint8Array>(`${this.id}/${name}`);
    if (!sealed) return undefined;
    const cipher = chacha20poly1305(this.#key, sealed.subarray(0, NONCE), new TextEncoder().encode(name));
    return unpack(cipher.decrypt(sealed.subarray(NONCE)));
  }

  /** The names of all that is kept. */
  async names(): Promise<string[]> {
    const own = `${this.id}/`;
    return (await disk.names()).filter((name) => name.startsWith(own)).map((name) => name.slice(own.length));
  }

  /** Erases what is gone and keeps all parts, or nothing of it. What is passed is taken as it is now; resolves when it is on disk. */
  save(parts: Record<string, unknown>, gone: string[] = []): Promise<void> {
    const entries = Object.entries(parts).map(([name, value]): [string, Uint8Array] => {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
      const cipher = chacha20poly1305(this.#key, nonce, new TextEncoder().encode(name));
      const ciphertext = cipher.encrypt(pack(value));
      const sealed = new Uint8Array(NONCE + ciphertext.length);
      sealed.set(nonce);
      sealed.set(ciphertext, NONCE);
      return [`${this.id}/${name}`, sealed];
    });
    const done = this.#last.then(() => disk.change(entries, gone.map((name) => `${this.id}/${name}`)));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Overwrites the key in memory as far as JavaScript allows. */
  close(): void {
    this.#key.fill(0);
  }
}
