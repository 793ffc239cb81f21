import { type Bytes, utf8 } from "./bytes.ts";
import { malformedUnless } from "./errors.ts";
import { ascending, hash, list, pattern, struct, text, u32 } from "./record.ts";
import { ALL, group } from "./statement.ts";

// A case file, and what an office asks to pass on of it (PROTOCOL section 6).

/** `code` is `group-name`; an empty text takes the field back. */
export interface Field {
  readonly code: string;
  readonly text: string;
}

/** Fields that changed, by version `form` of the form. */
export interface CaseFile {
  readonly form: number;
  readonly fields: readonly Field[];
}

/** May these groups of fields be passed on to the office `recipient`, which ours calls `name`? */
export interface Ask {
  readonly recipient: Bytes;
  readonly name: string;
  readonly fields: readonly string[];
  readonly textVersion: number;
}

const field = struct<Field>({ code: pattern(/^[a-z]{1,16}-[a-z]{1,16}$/), text: text(2_000) });

export const caseFileRecord = struct<CaseFile>({ form: u32, fields: list(field, { max: 32 }) }, ({ fields }) => {
  ascending(fields.map(({ code }) => utf8(code)), "the fields");
});

export const askRecord = struct<Ask>(
  { recipient: hash, name: text(96), fields: list(group, { min: 1, max: 8 }), textVersion: u32 },
  ({ fields }) => {
    ascending(fields.map(utf8), "the groups");
    malformedUnless(!fields.includes(ALL), "what is passed on is named group by group");
  },
);
