import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { LanguageTool, Say, Screen, Spinner, write } from "../parts.tsx";
import { painted, PinInput } from "../screens/pininput.tsx";
import { t } from "../strings.ts";
import { unlock } from "./device.ts";
import { EraseButton } from "./parts.tsx";

function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return write(`${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
}

export function UnlockScreen(): JSX.Element {
  const pin = useSignal("");
  const fault = useSignal("");
  const wait = useSignal(0);
  const working = useSignal(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (wait.value > 0) wait.value -= 1;
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const submit = async (): Promise<void> => {
    working.value = true;
    await painted();
    try {
      const result = await unlock(pin.value);
      if (result.state === "open") return;
      pin.value = "";
      fault.value = { wrong: "device-pin-wrong", wait: "", "keystore-gone": "device-lost" }[result.state];
      if (result.state !== "keystore-gone") wait.value = result.wait;
    } catch {
      fault.value = "device-lost";
    } finally {
      working.value = false;
    }
  };
  return (
    <Screen id="unlock" title={t("unlock-title")} tools={<LanguageTool />}>
      <p>{t("device-locked")}</p>
      {working.value ? (
        <Spinner text={t("working")} />
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <PinInput label={t("unlock-label")} value={pin.value} testid="unlock-pin" onInput={(text) => (pin.value = text)} />
          {fault.value && (
            <Say tone="bad" icon="stop" live testid="unlock-fault">
              {t(fault.value)}
            </Say>
          )}
          {wait.value > 0 && (
            <Say tone="warn" icon="wait" testid="unlock-wait">
              {t("unlock-wait", { time: clock(wait.value) })}
            </Say>
          )}
          <button class="main" type="submit" disabled={pin.value === "" || wait.value > 0} data-testid="unlock">
            {t("unlock")}
          </button>
        </form>
      )}
      <EraseButton />
    </Screen>
  );
}
