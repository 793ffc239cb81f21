import { type Approval } from "./decision.ts";
import { type Notice, NoticeKind, sendsPeople } from "./notice.ts";
import type { Signed } from "./signature.ts";

/** The last approval of the threat alerts about each route (0: about every one), in Unix seconds. */
export type Warnings = Readonly<Record<number, number>>;

/** When the first and the last of these were given, in Unix seconds. */
export function approvedBetween(approvals: readonly Signed<Approval>[]): [first: number, last: number] {
  const times = approvals.map(({ value }) => value.approvedAt);
  return [Math.min(...times), Math.max(...times)];
}

/** The warnings with a notice that was taken in: only a threat alert adds to them. */
export function warn(warnings: Warnings, { kind, route }: Notice, approvals: readonly Signed<Approval>[]): Warnings {
  if (kind !== NoticeKind.threat) return warnings;
  const [, last] = approvedBetween(approvals);
  return { ...warnings, [route]: Math.max(warnings[route] ?? 0, last) };
}

/** Until when whatever lets people set out on this notice is void; what names no route may be about each. */
export function warnedUntil(warnings: Warnings, notice: Notice): number {
  if (!sendsPeople(notice)) return -1;
  if (notice.route === 0) return Math.max(-1, ...Object.values(warnings));
  return Math.max(warnings[0] ?? -1, warnings[notice.route] ?? -1);
}
