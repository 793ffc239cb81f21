/** Bytes or text that are not in the protocol's form: whatever an object's own bytes decide (PROTOCOL section 1). */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Well formed, but it fails against a signature, a key, another object or the clock. */
export class Refused extends Error {
  override readonly name: string = "Refused";
}

/** Refused for now: the sender follows a newer roster than the reader. */
export class Behind extends Refused {
  override readonly name = "Behind";
}

/** Refused unless the condition holds. Messages are safe to show: they hold nothing that was received. */
export function refuseUnless(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Refused(message);
}

/** Malformed unless the condition holds. */
export function malformedUnless(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Malformed(message);
}
