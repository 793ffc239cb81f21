import type { JSX } from "preact";
import { t } from "../strings.ts";
import { erasing } from "./erase.tsx";

/** At the foot of a screen. */
export function EraseButton(): JSX.Element {
  return (
    <div class="stack foot">
      <button class="quiet" onClick={() => (erasing.value = true)} data-testid="erase">
        {t("device-erase")}
      </button>
    </div>
  );
}
