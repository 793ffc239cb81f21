/** Which permissions stand: a year after one was given it ends, and the relay destroys what waits for it. */
import { CONSENT_LIFE, SHARING } from "./protocol/statement.ts";
import { get, type Permission, type Purpose } from "./state.ts";
import { now } from "./time.ts";

/** What everybody is asked on the way in. */
export const PURPOSES: readonly Purpose[] = ["messages", "departures"];

export function isPurpose(permission: Permission): permission is Purpose {
  return PURPOSES.includes(permission as Purpose);
}

/** That a group of fields of the case file is passed on to another office, by its id in base64url. */
export function sharing(office: string, group: string): Permission {
  return `${SHARING} ${office} ${group}`;
}

/** What concerns their own office alone, and stands in the settings. */
export const OWN: readonly (Purpose | "sponsor")[] = [...PURPOSES, "sponsor"];

export function isOwn(permission: Permission): boolean {
  return OWN.includes(permission as Purpose);
}

/** All that were ever given or withdrawn. */
export function permissions(): Permission[] {
  return Object.keys(get("settings").consents) as Permission[];
}

/** Before its end, in seconds: time enough for somebody who opens the app once in a while. */
const SOON = 30 * 86_400;

/**
 * Unix seconds at which the permission ends; 0 where it is not given. A phone that was set up before these times were
 * kept does not know: it must not void a "come" for that.
 */
export function endOf(permission: Permission): number {
  const { consents, agreedAt } = get("settings");
  return consents[permission] ? (agreedAt?.[permission] ?? Infinity) + CONSENT_LIFE : 0;
}

export function stands(permission: Permission): boolean {
  return now() < endOf(permission);
}

/**
 * Whether it is given and ends soon, or has ended without being taken back. What was to be passed on and ended is not
 * asked about again: nothing here depends on it.
 */
export function wantsRenewal(permission: Permission): boolean {
  const end = endOf(permission);
  return end > (isOwn(permission) ? 0 : now()) && end <= now() + SOON;
}
