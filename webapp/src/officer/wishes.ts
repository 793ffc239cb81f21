/** What officers proposed in the chat; a hijacked account can propose, this device's signature decides. */
import { Answered } from "../faults.ts";
import { ask, follow } from "./device.ts";

/** What the officer relies on who vouches for a household. */
export const REASONS = ["papers", "voice", "interview", "partner", "witness"] as const;

const CONDITION = "(?:security|airport|crossing|permit|carrier|reception|medical|weather)";
const GRADE = "(?:official|partner|media|rumour)";
/** How long it holds, which only what is green does. */
const HOURS = "[1-9]\\d{0,2}h";
const CODE = "[A-Z0-9][A-Z0-9-]{0,23}";
/** By kind: the words it may have. */
const FORMS = {
  fact: "(?:requested|identified|ready|documents|offered) (?:yes|no|unknown)(?: estimated)?",
  intent: "(?:wants|unsure|no)",
  vet: `(?:${REASONS.join("|")})?`,
  condition: `${CONDITION} (?:green|red) ${GRADE}(?: ${HOURS})?`,
  status: `(?:discussion|technical|limited|open|closed) ${GRADE} ${HOURS}`,
  step: "(?:open|call|depart|arrive)",
  outcome: `${CODE} (?:boarded|no-show|not-lifted)`,
  assign: CODE,
  offboard: "",
  offer: CODE,
  lend: "[1-9]\\d{0,4}",
  cancel: "",
  threat: "",
} as const;

export interface Wish {
  id: string;
  /** "strange" for what this page does not know: it can be turned down alone. */
  kind: keyof typeof FORMS | "invite" | "strange";
  subject: string;
  words: string[];
  /** Role code of who proposed it. */
  by: string;
  at: number;
}

/** What waits for a decision, oldest first. Throws Gone, Stopped, Offline or Answered. */
export async function list(): Promise<Wish[]> {
  await follow();
  const answer = (await ask("GET", "proposals")) as { proposals?: unknown } | null;
  if (!Array.isArray(answer?.proposals)) throw new Answered(500, "not_understood", 0);
  return answer.proposals.map(read).sort((a, b) => a.at - b.at);
}

/** Confirms or rejects; `reason` is what a vetting relies on. Throws Gone, Stopped, Offline or Answered. */
export async function decide(wish: Wish, confirm: boolean, reason: string): Promise<void> {
  await follow();
  await ask("POST", `proposals/${wish.id}`, JSON.stringify({ decision: confirm ? "confirm" : "reject", reason }));
}

function read(row: unknown): Wish {
  const { proposal, kind, subject, words, by, at } = (row ?? {}) as Record<string, unknown>;
  const named = typeof proposal === "string" && /^[\w-]{22}$/.test(proposal);
  if (!named || typeof by !== "string" || !isCode(by) || typeof at !== "number") {
    throw new Answered(500, "not_understood", 0);
  }
  const said = typeof words === "string" ? words : "";
  const about = typeof subject === "string" && isCode(subject) ? subject : "";
  const known = kindOf(String(kind), about, said);
  return { id: proposal, kind: known, subject: about, words: said ? said.split(" ") : [], by, at };
}

function kindOf(kind: string, subject: string, words: string): Wish["kind"] {
  if (kind === "invite") return kind;
  if (!Object.hasOwn(FORMS, kind) || !isCode(subject)) return "strange";
  const known = kind as keyof typeof FORMS;
  return matches(FORMS[known], words) ? known : "strange";
}

function isCode(text: string): boolean {
  return matches(CODE, text);
}

function matches(form: string, text: string): boolean {
  return new RegExp(`^(?:${form})$`).test(text);
}
