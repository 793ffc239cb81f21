import type { Bytes } from "./bytes.ts";
import { flag, hash, id, oneOf, struct, text, time, u32, u64, u8 } from "./record.ts";
import { signedAs } from "./signature.ts";

/** What a minor says, as their guardian's device tells it. */
export const Child = { agrees: 1, declines: 2, tooSmall: 3 } as const;
export type Child = (typeof Child)[keyof typeof Child];

/** A guardian's consent for a minor of their household, by number, with what the minor says. */
export interface Assent {
  readonly office: Bytes;
  readonly contact: Bytes;
  readonly device: Bytes;
  readonly member: number;
  readonly given: boolean;
  readonly assent: Child;
  readonly textVersion: number;
  readonly language: string;
  readonly counter: number;
  readonly at: number;
}

export const signedAssent = signedAs(
  "assent",
  struct<Assent>({
    office: hash,
    contact: id,
    device: id,
    member: u8,
    given: flag,
    assent: oneOf(Child),
    textVersion: u32,
    language: text(),
    counter: u64,
    at: time,
  }),
);
