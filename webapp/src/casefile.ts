/** What somebody tells about themselves, field by field (PROTOCOL section 6). */
import type { Field } from "./protocol/casefile.ts";
import { Kind } from "./protocol/content.ts";
import { kick } from "./outbox.ts";
import { get, commit } from "./state.ts";
import { now } from "./time.ts";
import { compose } from "./writing.ts";

/** The form below; raise it when its fields change. */
const FORM = 2;
/** Its fields, in the order they are asked, by their group. */
export const GROUPS: readonly { group: string; codes: readonly string[] }[] = [
  { group: "identity", codes: ["identity-name", "identity-documents"] },
  { group: "family", codes: ["family-members"] },
  { group: "needs", codes: ["needs-health", "needs-help"] },
  { group: "risk", codes: ["risk-grounds"] },
];
/** A travel paper line by line, as it stands in Latin letters on it: only a list for another office needs it. */
export const PAPERS: readonly string[] = [
  "kind", "issuer", "surname", "given", "number", "nationality", "birth", "sex", "expiry",
].map((name) => `papers-${name}`);
/** Bytes of one field. */
export const LONGEST = 2_000;

/** The groups of the form; that of papers only once the office asked to pass it on, or something of it was told. */
export function groups(): typeof GROUPS {
  const { others } = get("about");
  const asked = others.some((other) => other.groups.includes("papers")) || PAPERS.some((code) => toldAt(code) !== undefined);
  return asked ? [...GROUPS, { group: "papers", codes: PAPERS }] : GROUPS;
}

/** When a field was told, in Unix seconds; undefined when it was not, or was taken back. */
export function toldAt(code: string): number | undefined {
  const at = get("about").told[code] ?? 0;
  return at > 0 ? at : undefined;
}

/** Whether what was last said in a field still waits for the relay. */
export function waits(code: string): boolean {
  return get("messages").some(({ state, fields }) => state === "waiting" && fields?.[code] !== undefined);
}

/** Keeps the changed fields until the relay has them, and no longer; an empty text takes one back. */
export async function tell(changes: readonly Field[]): Promise<void> {
  const fields = [...changes].sort((a, b) => (a.code < b.code ? -1 : 1));
  const told = Object.fromEntries(fields.map(({ code, text }) => [code, text ? now() : 0]));
  await commit(compose({ kind: Kind.caseFile, form: FORM, fields }, { text: "", status: 0, fields: told }));
  kick();
}
