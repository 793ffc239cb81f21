/** What may be believed of a notice now, by all this phone knows. */
import { standingOf, type Standing } from "./notices.ts";
import { followed } from "./office.ts";
import { tick } from "./beat.ts";
import { stands } from "./permissions.ts";
import { get, type NoticeFile, type NoticeVersion } from "./state.ts";
import { now } from "./time.ts";

/**
 * Unix seconds until which nothing that was sent may be acted on. A withdrawal destroys what is under way, a change or
 * a cancel with it, and a phone that the relay does not know gets none: nobody shall set out on what is left here.
 */
export function voidUntil(): number {
  const { withdrawnAt = -1 } = get("settings");
  return stands("messages") && stands("departures") && !get("self").dropped ? withdrawnAt : Infinity;
}

/** When to begin not to believe: now, or the newest notice's own time where its desk's clock runs ahead. */
export function withdrawal(): number {
  const sent = get("notices").flatMap(({ versions }) => Object.values(versions).map(({ at }) => at));
  return Math.max(now(), ...sent);
}

/** The standing of a version, judged anew with each tick; null before the office's roster is here. */
export function standing(file: NoticeFile, version: number): Standing | null {
  const office = followed(get("office"));
  if (tick.value < 0 || !office) return null;
  const { warnings = {} } = get("ledger");
  return standingOf(file, version, { roster: office.roster, now: now(), voidUntil: voidUntil(), warnings });
}

/** Whether an answer is still to be given. */
export function isAsked({ own, answer }: NoticeVersion, standing: Standing): boolean {
  return (standing === "unconfirmed" || standing === "confirmed") && own !== null && !answer && now() < own.answerBy;
}
