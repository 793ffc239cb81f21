import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { consent } from "../acts.ts";
import { Say, Screen, Switch } from "../parts.tsx";
import { home } from "../router.ts";
import { commit, get } from "../state.ts";
import { t } from "../strings.ts";

/** Two officers have vouched: what somebody with a letter is asked on the way in is asked now. */
export function VerifiedScreen(): JSX.Element {
  const departures = useSignal(false);
  const next = async (): Promise<void> => {
    if (departures.value) await consent("departures", true);
    home();
    await commit({ self: { ...get("self"), asking: undefined } });
  };
  return (
    <Screen id="verified" title={t("verified-title")}>
      <Say tone="good" icon="safe" live>
        {t("verified-text")}
      </Say>
      <p>{t("consent-lead")}</p>
      <Switch
        on={departures.value}
        title={t("consent-departures")}
        text={t("consent-departures-text")}
        reader={t("consent-departures-reader")}
        testid="consent-departures"
        onChange={(on) => (departures.value = on)}
      />
      <div class="stack foot">
        <button class="main" onClick={() => void next()} data-testid="verified-next">
          {t("next")}
        </button>
      </div>
    </Screen>
  );
}
