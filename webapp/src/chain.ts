/** Where a message of the office stands among those of its sender in its thread (PROTOCOL section 6). */
import type { Inner } from "./protocol/content.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { checkChain, type Link } from "./protocol/message.ts";
import type { Ledger } from "./state.ts";

/** Whether something before it never came, and what the ledger is to know from then on. */
export interface Placed extends Partial<Ledger> {
  gap: boolean;
}

/** The relay hands out what it has in order, so what is older than the last is a replay. Throws Refused for that. */
export function placed(inner: Inner, link: Link, { heard }: Ledger): Placed {
  const chain = `${toBase64Url(inner.sender)}/${toBase64Url(inner.thread)}`;
  return { gap: checkChain(inner, heard[chain]) === "gap", heard: { ...heard, [chain]: link } };
}
