import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Say, Screen, Spinner } from "../parts.tsx";
import { checkAgain } from "../beat.ts";
import { about } from "../chunks.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { LockTool } from "./locktool.tsx";
import { OfficeCard } from "./who.tsx";

/** There is no way on from here but evidence that fits. */
export function StopScreen(): JSX.Element {
  const office = get("office");
  const working = useSignal(false);
  const still = useSignal(false);
  const check = async (): Promise<void> => {
    working.value = true;
    still.value = false;
    still.value = !(await checkAgain());
    working.value = false;
  };
  return (
    <Screen id="stop" title={t("stop-title")} tools={<LockTool />}>
      <div data-testid="stop" data-reason={office.stop}>
        <Say tone="bad" icon="stop" big live>
          {t("stop-text")}
        </Say>
      </div>
      <Say icon="office" title={t("stop-do")}>
        {about.value && <span class="soft small">{t(`stop-reason-${office.stop ?? "fork"}`)}</span>}
      </Say>
      <OfficeCard office={office} bot="" />
      <div class="stack foot">
        {still.value && (
          <p class="soft" role="status" data-testid="stop-still">
            {t("stop-still")}
          </p>
        )}
        {working.value ? (
          <Spinner text={t("working")} />
        ) : (
          <button
            data-testid="stop-check"
            onClick={() => {
              void check();
            }}
          >
            {t("stop-check")}
          </button>
        )}
      </div>
    </Screen>
  );
}
