import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Bytes } from "./bytes.ts";
import { Malformed, malformedUnless } from "./errors.ts";

// The word list is a third of the whole app: import this file only when somebody types or shows words.

/** The secret as twelve words. */
export function wordsOf(secret: Bytes): string {
  malformedUnless(secret.length === 16, "16 bytes were expected");
  return entropyToMnemonic(secret, wordlist);
}

/** The word of the list that was typed, or begun with at least four letters. */
export function wordFor(typed: string): string | undefined {
  const start = typed.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (wordlist.includes(start)) return start;
  return start.length >= 4 ? wordlist.find((word) => word.startsWith(start)) : undefined;
}

/** The secret of twelve words, typed in any case, each at least by its first four letters. */
export function secretOf(text: string): Bytes {
  const typed = text.split(/[ \t\n\v\f\r]+/).filter((word) => word !== "");
  malformedUnless(typed.length === 12, "there are twelve words in a letter");
  const words = typed.map((word, at) => {
    const found = wordFor(word);
    malformedUnless(found !== undefined, `word ${at + 1} is not in the list`);
    return found;
  });
  try {
    return mnemonicToEntropy(words.join(" "), wordlist);
  } catch {
    throw new Malformed("the words do not fit together: one of them is wrong");
  }
}
