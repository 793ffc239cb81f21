/** Proposals in the officer's language. */
import { write } from "../parts.tsx";
import { t } from "../strings.ts";
import { now } from "../time.ts";
import type { Wish } from "./wishes.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A code that stays on one line. */
export function whole(code: string): string {
  return code.replaceAll("-", "-\u2060");
}

/** How long it has waited. */
export function age({ at }: Wish): string {
  const waited = Math.max(0, now() - at);
  const long = waited >= HOUR;
  return t(long ? "wish-hours" : "wish-minutes", { count: write(Math.floor(waited / (long ? HOUR : MINUTE))) });
}

/** What is proposed, in one line. */
export function told({ kind, subject: code, words }: Wish): string {
  const subject = whole(code);
  const [first = "", second = "", grade = "", holds] = words;
  switch (kind) {
    case "fact": {
      const answer = t(`wish-answer-${second}`);
      const said = grade ? t("wish-estimated", { answer }) : answer;
      return t("wish-fact", { subject, fact: t(`wish-fact-${first}`), answer: said });
    }
    case "intent":
      return t("wish-intent", { subject, intent: t(`wish-intent-${first}`) });
    case "condition":
      return t("wish-condition", {
        subject,
        condition: t(`wish-condition-${first}`),
        state: t(`wish-state-${second}`),
        grade: t(`wish-grade-${grade}`),
        holds: lasting(holds),
      });
    case "status":
      return t("wish-status", {
        subject,
        status: t(`wish-status-${first}`),
        grade: t(`wish-grade-${second}`),
        holds: lasting(grade),
      });
    case "step":
      return t(`wish-step-${first}`, { subject });
    case "outcome":
      return t("wish-outcome", { subject, code: whole(first), outcome: t(`wish-outcome-${second}`) });
    case "offer":
      return t("wish-offer", { subject, code: whole(first) });
    case "lend":
      return t("wish-lend", { subject, count: write(Number(first)) });
    case "assign":
      return t("wish-assign", { subject, role: whole(first) });
    case "vet":
    case "offboard":
    case "cancel":
    case "threat":
      return t(`wish-${kind}`, { subject });
    case "invite":
    case "strange":
      return t(`wish-${kind}`);
  }
}

/** Of "12h", in words; nothing where there is no end. */
function lasting(holds: string | undefined): string {
  return holds ? t("wish-holds", { count: write(holds.slice(0, -1)) }) : "";
}
