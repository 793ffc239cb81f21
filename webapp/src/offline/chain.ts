/** What comes by hand comes in any order: what fills a gap is late, and no replay. */
import type * as online from "../chain.ts";
import { toBase64Url } from "../protocol/encoding.ts";
import { checkChain } from "../protocol/message.ts";

/** Counters of one chain that are waited for; a sender whose counter leaps shall not fill the page. */
const MOST = 100;

export const placed: typeof online.placed = (inner, link, { heard, missing = {} }) => {
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
};
