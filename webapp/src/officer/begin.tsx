import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { LanguageTool, Say, Screen } from "../parts.tsx";
import { PinScreen } from "../screens/pin.tsx";
import { t } from "../strings.ts";
import { make, readIds } from "./device.ts";

/** Whose device this is to become, then its PIN. */
export function BeginScreen(): JSX.Element {
  const text = useSignal("");
  const fault = useSignal(false);
  const ids = useSignal<ReturnType<typeof readIds>>(null);
  const found = ids.value;
  if (found) {
    const set = (pin: string): Promise<void> => make(found.office, found.officer, pin);
    return <PinScreen set={set} back={() => (ids.value = null)} />;
  }
  return (
    <Screen id="begin" title={t("device-begin-title")} tools={<LanguageTool />}>
      <p>{t("device-begin-text")}</p>
      <Say icon="safe">{t("device-begin-safe")}</Say>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          ids.value = readIds(text.value);
          fault.value = ids.value === null;
        }}
      >
        <label class="field">
          {t("device-begin-label")}
          <textarea
            dir="ltr"
            spellcheck={false}
            value={text.value}
            data-testid="ids"
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
        {fault.value && (
          <Say tone="bad" icon="stop" live testid="ids-fault">
            {t("device-begin-wrong")}
          </Say>
        )}
        <button class="main" type="submit" disabled={text.value.trim() === ""} data-testid="ids-next">
          {t("next")}
        </button>
      </form>
    </Screen>
  );
}
