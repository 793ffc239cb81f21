/**
 * The app's clock: the relay's time, never before the newest time the office has signed.
 *
 * A phone's own clock is often wrong, and signed requests depend on it. The relay could lie about the time, but no
 * further back than what the office itself has vouched for, and forward only to make things lapse.
 */
let offset = 0;
let floor = 0;

/** Unix seconds by which notices, rosters and keys are judged. */
export function now(): number {
  return Math.max(relayTime(), floor);
}

/** Unix seconds by which requests to the relay are dated. */
export function relayTime(): number {
  return Math.floor(Date.now() / 1000) + offset;
}

/** Takes over the relay's clock. */
export function heardFromRelay(relayNow: number): void {
  offset = relayNow - Math.floor(Date.now() / 1000);
}

/** Remembers a time the office signed. */
export function heardFromOffice(signedAt: number): void {
  floor = Math.max(floor, signedAt);
}
