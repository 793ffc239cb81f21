/** Where a message of the office stands among those of its sender in its thread (PROTOCOL section 6). */
import type { Inner } from "./protocol/content.ts";
import { toBase64Url } from "./protocol/encoding.ts";
import { checkChain, type Link } from "./protocol/message.ts";
import type { Ledger } from "./state.ts";

/** Counters of one chain that are waited for; a sender whose counter leaps shall not fill the phone. */
const MOST = 100;

/** Whether something before it is missing, and what the ledger is to know from then on. */
export interface Placed extends Partial<Ledger> {
  gap: boolean;
}

/** What fills a gap is late and no replay: somebody held it back, or carried it by hand. Throws Refused for a replay. */
export function placed(inner: Inner, link: Link, { heard, missing = {} }: Ledger): Placed {
  const chain = `${toBase64Url(inner.sender)}/${toBase64Url(inner.thread)}`;
  const awaited = missing[chain] ?? [];
  const { counter } = inner;
  if (awaited.includes(counter)) {
    return { gap: false, missing: { ...missing, [chain]: awaited.filter((other) => other !== counter) } };
  }
  const last = heard[chain];
  const gap = checkChain(inner, last) === "gap";
  const begin = Math.max((last?.counter ?? 0) + 1, counter - MOST);
  const between = Array.from({ length: counter - begin }, (_, at) => begin + at);
  const now = [...awaited, ...between].slice(-MOST);
  return { gap, heard: { ...heard, [chain]: link }, missing: { ...missing, [chain]: now } };
}
