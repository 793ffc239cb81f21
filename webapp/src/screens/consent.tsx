import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { Say, Screen, Switch } from "../parts.tsx";
import { PURPOSES } from "../permissions.ts";
import type { Purpose } from "../state.ts";
import { t } from "../strings.ts";

interface ConsentProps {
  given: Signal<Record<Purpose, boolean>>;
  next: () => void;
  back: () => void;
}

/** Each permission by itself, off until it is given. */
export function ConsentScreen({ given, next, back }: ConsentProps): JSX.Element {
  return (
    <Screen id="consent" title={t("consent-title")} back={back}>
      <p>{t("consent-lead")}</p>
      <div class="stack">
        {PURPOSES.map((purpose) => (
          <Switch
            on={given.value[purpose]}
            title={t(`consent-${purpose}`)}
            text={t(`consent-${purpose}-text`)}
            reader={t(`consent-${purpose}-reader`)}
            testid={`consent-${purpose}`}
            onChange={(on) => {
              given.value = { ...given.value, [purpose]: on };
            }}
          />
        ))}
      </div>
      {!given.value.messages && <Say icon="question">{t("consent-needed")}</Say>}
      <div class="stack foot">
        <button class="main" disabled={!given.value.messages} onClick={next} data-testid="consent-next">
          {t("next")}
        </button>
      </div>
    </Screen>
  );
}
