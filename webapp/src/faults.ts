/** What may go wrong on the way, in classes that need no cryptography: the first screens tell them apart. */
import type { StopReason } from "./state.ts";

/** No answer came: no network, or a relay that is down. */
export class Offline extends Error {}

/** The relay answered with an error. */
export class Answered extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds the relay asks to wait. */
  readonly wait: number;

  constructor(status: number, code: string, wait: number) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.wait = wait;
  }

  /** True when the same request may succeed later. Without a code it was not the relay who answered. */
  get passing(): boolean {
    return this.status === 421 || this.status === 429 || this.status >= 500 || this.code === "";
  }
}

/** The relay showed something that does not fit what is pinned. Nothing goes on from here. */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(reason);
    this.reason = reason;
  }
}

export type LetterFault = "letter-wrong-text" | "letter-wrong-words" | "letter-not-valid" | "letter-mismatch";

export class LetterError extends Error {
  readonly fault: LetterFault;

  constructor(fault: LetterFault) {
    super(fault);
    this.fault = fault;
  }
}
