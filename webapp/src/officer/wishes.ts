/** What officers proposed in the chat; a hijacked account can propose, this device's signature decides. */
import { Answered } from "../faults.ts";
import { ask, follow } from "./device.ts";

/** What the officer relies on who vouches for a household. */
export const REASONS = ["papers", "voice", "interview", "partner", "witness"] as const;

const CONDITIONS = ["security", "airport", "crossing", "permit", "carrier", "reception", "medical", "weather"] as const;
const GRADES = ["official", "partner", "media", "rumour"] as const;
/** How long it holds, which only what is green does. */
const HOURS = Array.from({ length: 999 }, (_, before) => `${before + 1}h`);
const CODE = /^[A-Z0-9][A-Z0-9-]{0,23}$/;
/** By kind: the least number of words, and which each may be. */
const FORMS: Readonly<Record<string, readonly [least: number, ...words: (readonly string[])[]]>> = {
  fact: [2, ["requested", "identified", "ready", "documents", "offered"], ["yes", "no", "unknown"], ["estimated"]],
  intent: [1, ["wants", "unsure", "no"]],
  vet: [0, REASONS],
  condition: [3, CONDITIONS, ["green", "red"], GRADES, HOURS],
  status: [3, ["discussion", "technical", "limited", "open", "closed"], GRADES, HOURS],
};

export interface Wish {
  id: string;
  /** "strange" for what this page does not know: it can be turned down alone. */
  kind: "fact" | "intent" | "vet" | "condition" | "status" | "assign" | "invite" | "offboard" | "strange";
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
  if (!named || typeof by !== "string" || !CODE.test(by) || typeof at !== "number") {
    throw new Answered(500, "not_understood", 0);
  }
  const said = typeof words === "string" && words ? words.split(" ") : [];
  const about = typeof subject === "string" ? subject : "";
  const known = kindOf(String(kind), about, said);
  return { id: proposal, kind: known, subject: CODE.test(about) ? about : "", words: said, by, at };
}

function kindOf(kind: string, subject: string, words: string[]): Wish["kind"] {
  const coded = CODE.test(subject);
  switch (kind) {
    case "invite":
      return "invite";
    case "offboard":
      return coded && words.length === 0 ? kind : "strange";
    case "assign":
      return coded && words.length === 1 && CODE.test(words[0] ?? "") ? kind : "strange";
    case "fact":
    case "intent":
    case "vet":
    case "condition":
    case "status": {
      const [least, ...allowed] = FORMS[kind] ?? [0];
      const fits = words.length >= least && words.every((word, at) => allowed[at]?.includes(word));
      return coded && fits ? kind : "strange";
    }
    default:
      return "strange";
  }
}
