/** What the relay holds of this person: asked for anew each time, never kept on the phone. */
import { Offline } from "./faults.ts";
import { call } from "./relay.ts";
import { signerOf } from "./self.ts";
import { get } from "./state.ts";

interface Household {
  people: number;
  facts: { fact: string; answer: string }[];
  intent: string | null;
  needs: string[];
  checks: number;
}

/** What was passed on of the case file: to the office by its id in base64url, a group of fields. */
export interface PassedOn {
  recipient: string;
  fields: string;
  /** Acknowledged: that office has signed that it destroyed it. */
  state: "standing" | "withdrawn" | "acknowledged";
  at: number;
}

export interface Holdings {
  alias: string;
  /** Unix seconds. */
  since: number;
  heard_at: number | null;
  telegram_linked: boolean;
  phones: number;
  consents: unknown[];
  incoming: number;
  outgoing: number;
  seats: number;
  answers: number;
  attempts: number;
  logged: number;
  household: Household | null;
  /** None from a relay that does not know of it yet. */
  passed_on?: PassedOn[];
  /** Relatives who may ask when the person was last heard of; none from an older relay. */
  sponsors?: number;
  /** What was said for children in the person's care; none from an older relay. */
  assents?: number;
  /** Sealed photographs and voice notes, and their bytes; none from an older relay. */
  attachments?: number;
  attachment_bytes?: number;
}

const STATES = ["standing", "withdrawn", "acknowledged"];
const COUNTS = ["since", "phones", "incoming", "outgoing", "seats", "answers", "attempts", "logged"] as const;

/** Throws Offline or Answered. */
export async function ask(): Promise<Holdings> {
  const answer = (await call("GET", "holdings", signerOf(get("self")))) as Holdings | null;
  const sound =
    answer &&
    typeof answer.alias === "string" &&
    COUNTS.every((name) => Number.isSafeInteger(answer[name])) &&
    Array.isArray(answer.consents) &&
    Array.isArray(answer.passed_on ?? []) &&
    Number.isSafeInteger(answer.sponsors ?? 0) &&
    Number.isSafeInteger(answer.assents ?? 0) &&
    Number.isSafeInteger(answer.attachments ?? 0) &&
    Number.isSafeInteger(answer.attachment_bytes ?? 0) &&
    (answer.passed_on ?? []).every(isPassedOn) &&
    (answer.household === null || (Array.isArray(answer.household.facts) && Array.isArray(answer.household.needs)));
  // Something between us and the relay answered in its place.
  if (!sound) throw new Offline();
  return answer;
}

function isPassedOn({ recipient, fields, state, at }: PassedOn): boolean {
  return typeof recipient === "string" && typeof fields === "string" && STATES.includes(state) && Number.isSafeInteger(at);
}
