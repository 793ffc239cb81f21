/** What may go wrong here, and what an officer is told about it. */
import { Answered, Offline, Stopped } from "../faults.ts";
import { t } from "../strings.ts";

/** The device does not stand in the roster any more. */
export class Gone extends Error {}

/** The roster that was named does not hold this device. */
export class NotAdded extends Error {}

/** Codes of the relay that a proposal may meet. */
const REFUSALS: Readonly<Record<string, string>> = {
  proposal_over: "refused-over",
  proposal_not_found: "refused-over",
  not_allowed: "refused-role",
  desk_needed: "refused-desk",
  reason_needed: "refused-reason",
  same_officer: "refused-same-officer",
  step_refused: "refused-step",
  case_closed: "refused-closed",
  case_not_found: "refused-closed",
  officer_not_found: "refused-officer",
};

/** True when the office has taken this device off, or the relay knows it no more. */
export function isGone(error: unknown): boolean {
  return error instanceof Gone || (error instanceof Answered && error.code === "unknown_device");
}

/** The words for a failure; throws what is none of those that are to be expected. */
export function say(error: unknown): string {
  if (error instanceof Offline) return t("error-offline");
  if (error instanceof Stopped) return t("device-stopped");
  if (error instanceof NotAdded) return t("device-not-added");
  if (!(error instanceof Answered)) throw error;
  const refusal = REFUSALS[error.code];
  if (refusal) return t(refusal);
  return t(error.status === 429 ? "error-busy" : "error-server");
}
