import type { JSX } from "preact";
import { close } from "../bridge.ts";
import { Hold, Say, Screen } from "../parts.tsx";
import { erased, wipe } from "../gate.ts";
import { open } from "../state.ts";
import { t } from "../strings.ts";

export function WipeScreen({ back }: { back: () => void }): JSX.Element {
  return (
    <Screen id="wipe" title={t("wipe-title")} back={back}>
      <Say tone="bad" icon="erase">
        {t(open.value ? "wipe-own" : "wipe-all")}
      </Say>
      <div class="stack foot">
        <Hold
          label={t("wipe-hold")}
          holding={t("wipe-holding")}
          testid="wipe-hold"
          act={() => {
            void wipe();
          }}
        />
        <button class="quiet" onClick={back} data-testid="wipe-cancel">
          {t("cancel")}
        </button>
      </div>
    </Screen>
  );
}

export function ErasedScreen(): JSX.Element {
  return (
    <Screen id="erased" title={t("wipe-done")}>
      <p data-testid="erased" data-told={erased.value === "told"}>
        {t("wipe-done-text")}
      </p>
      {erased.value === "owed" && <Say icon="wait">{t("wipe-owed")}</Say>}
      <div class="stack foot">
        <button class="main" onClick={close} data-testid="close">
          {t("close")}
        </button>
      </div>
    </Screen>
  );
}
