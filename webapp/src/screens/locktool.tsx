import type { JSX } from "preact";
import { lockNow } from "../gate.ts";
import { Icon } from "../icons.tsx";
import { t } from "../strings.ts";

/** One touch, wherever somebody may be looked at. */
export function LockTool(): JSX.Element {
  return (
    <button class="round" onClick={lockNow} aria-label={t("home-lock")} data-testid="lock">
      <Icon name="lock" />
    </button>
  );
}
