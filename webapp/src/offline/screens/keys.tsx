import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../../icons.tsx";
import { read, WrongPin, type Shut } from "../../keyfile.ts";
import { LanguageTool, Say, Screen, Spinner } from "../../parts.tsx";
import { Malformed } from "../../protocol/errors.ts";
import { painted, PinInput } from "../../screens/pininput.tsx";
import { t } from "../../strings.ts";
import { lasting } from "../disk.ts";
import { arrive } from "../keys.ts";

/** No key file is near this size. */
const LARGEST = 8 * 1024 * 1024;

/** The way in: the file with the keys, and its PIN. */
export function KeysScreen({ done }: { done: () => void }): JSX.Element {
  const shut = useSignal<Shut | null>(null);
  const pin = useSignal("");
  const fault = useSignal("");
  const working = useSignal(false);
  const choose = async (file: File | undefined): Promise<void> => {
    fault.value = "";
    shut.value = null;
    if (!file) return;
    try {
      shut.value = read(file.size > LARGEST ? "" : await file.text());
    } catch (error) {
      if (!(error instanceof Malformed) && !(error instanceof DOMException)) throw error;
      fault.value = "keys-damaged";
    }
  };
  const submit = async (): Promise<void> => {
    if (!shut.value) return;
    [working.value, fault.value] = [true, ""];
    await painted();
    try {
      await arrive(shut.value, pin.value);
      done();
    } catch (error) {
      if (error instanceof WrongPin) fault.value = "keys-wrong-pin";
      else if (error instanceof Malformed) fault.value = "keys-damaged";
      else throw error;
    } finally {
      pin.value = "";
      working.value = false;
    }
  };
  return (
    <Screen id="keys" title={t("keys-title")} tools={<LanguageTool />}>
      <p>{t("keys-lead")}</p>
      {lasting.value === false && (
        <Say tone="warn" icon="document" testid="keys-not-kept">
          {t("this-not-kept")}
        </Say>
      )}
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="keys-fault">
          {t(fault.value)}
        </Say>
      )}
      {working.value ? (
        <Spinner text={t("working")} />
      ) : (
        <>
          <label class="file">
            <Icon name="document" />
            {t(shut.value ? "keys-chosen" : "keys-choose")}
            <input type="file" data-testid="keys-file" onChange={(event) => void choose(event.currentTarget.files?.[0])} />
          </label>
          {shut.value && (
            <form
              class="stack"
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <PinInput label={t("keys-pin")} value={pin.value} testid="keys-pin" onInput={(text) => (pin.value = text)} />
              <button class="main" type="submit" disabled={pin.value === ""} data-testid="keys-open">
                {t("unlock")}
              </button>
            </form>
          )}
        </>
      )}
      <p class="soft small">{t("keys-where")}</p>
    </Screen>
  );
}
