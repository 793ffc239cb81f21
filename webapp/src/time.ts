/**
 * The app's clock: the relay's time, never before the newest time the office has signed.
 *
 * A phone's own clock is often wrong, and signed requests depend on it. The relay could lie about the time, but no
 * further back than what the office itself has vouched for, and forward only to make things lapse: what cannot be
 * undone goes by `certain`, which takes the phone's own clock as well.
 */
const DAY = 86_400;

let offset = 0;
let floor = 0;
let heard = false;

function ownTime(): number {
  return Math.floor(Date.now() / 1000);
}

/** Unix seconds by which notices, rosters and keys are judged. */
export function now(): number {
  return Math.max(relayTime(), floor);
}

/** Unix seconds by which requests to the relay are dated. */
export function relayTime(): number {
  return ownTime() + offset;
}

/** Takes over the relay's clock. Returns by how many seconds this one was wrong. */
export function heardFromRelay(relayNow: number): number {
  const before = relayTime();
  offset = relayNow - ownTime();
  heard = true;
  return Math.abs(relayTime() - before);
}

/** True once the relay's clock was heard, so that requests may be dated. */
export function isSet(): boolean {
  return heard;
}

/** Unix seconds that have passed by the phone's own clock and by the relay's or the office's word: for destroying. */
export function certain(): number {
  return Math.min(ownTime(), heard ? now() : floor);
}

/** Unix seconds from which a time to live is counted that `certain` ends: the relay has no say in it. */
export function beginning(): number {
  return Math.max(ownTime(), floor);
}

/** Unix seconds for what others have to believe later: the relay's time, at most a day ahead of the phone's own. */
export function plausible(): number {
  return Math.max(Math.min(relayTime(), ownTime() + DAY), floor);
}

/** Remembers a time the office signed. */
export function heardFromOffice(signedAt: number): void {
  floor = Math.max(floor, signedAt);
}

/** Begins at a time that this person's own office signed: other people on this phone have other offices. */
export function beginAt(signedAt: number): void {
  floor = signedAt;
}
