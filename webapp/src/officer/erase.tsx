/** Erasing this page's keys: when asked to, and offered when the office knows the device no more. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { close as closeClient } from "../bridge.ts";
import { Hold, Say, Screen } from "../parts.tsx";
import { t } from "../strings.ts";
import { erase } from "./device.ts";

/** True from when the office was found to know this device no more: it asks nothing from then on. */
export const gone = signal(false);
export const erasing = signal(false);
export const erased = signal(false);

export function EraseScreen(): JSX.Element {
  const lost = gone.value;
  return (
    <Screen id={lost ? "gone" : "erase"} title={t(lost ? "device-gone-title" : "device-erase")}>
      <Say tone={lost ? "warn" : "bad"} icon={lost ? "stop" : "erase"} live={lost}>
        {t(lost ? "device-gone-text" : "device-erase-text")}
      </Say>
      {lost && <p>{t("device-gone-erase")}</p>}
      <div class="stack foot">
        <Hold
          label={t("wipe-hold")}
          holding={t("wipe-holding")}
          testid="erase-hold"
          act={() => {
            void erase().then(() => (erased.value = true));
          }}
        />
        {!lost && (
          <button class="quiet" onClick={() => (erasing.value = false)} data-testid="erase-cancel">
            {t("cancel")}
          </button>
        )}
      </div>
    </Screen>
  );
}

export function ErasedScreen(): JSX.Element {
  return (
    <Screen id="erased" title={t("device-erased")}>
      <p>{t("device-erased-text")}</p>
      <div class="stack foot">
        <button class="main" onClick={closeClient} data-testid="close">
          {t("close")}
        </button>
      </div>
    </Screen>
  );
}
