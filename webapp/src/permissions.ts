/** Which permissions stand: a year after one was given it ends, and the relay destroys what waits for it. */
import { CONSENT_LIFE } from "./protocol/statement.ts";
import { get, type Purpose } from "./state.ts";
import { now } from "./time.ts";

/** Before its end, in seconds: time enough for somebody who opens the app once in a while. */
const SOON = 30 * 86_400;

/**
 * Unix seconds at which the permission ends; 0 where it is not given. A phone that was set up before these times were
 * kept does not know: it must not void a "come" for that.
 */
export function endOf(purpose: Purpose): number {
  const { consents, agreedAt } = get("settings");
  return consents[purpose] ? (agreedAt?.[purpose] ?? Infinity) + CONSENT_LIFE : 0;
}

export function stands(purpose: Purpose): boolean {
  return now() < endOf(purpose);
}

/** Whether it is given and ends soon, or has ended without being taken back. */
export function wantsRenewal(purpose: Purpose): boolean {
  const end = endOf(purpose);
  return end > 0 && end <= now() + SOON;
}
