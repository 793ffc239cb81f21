import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { day } from "../dates.ts";
import { FILE_NAME, MIN_FILE_PIN } from "../keyfile.ts";
import { goodPin } from "../lock.ts";
import { faultOf, lang, Say, Screen, Spinner } from "../parts.tsx";
import { back } from "../router.ts";
import * as seconddevice from "../seconddevice.ts";
import type { SecondDevice } from "../state.ts";
import { t } from "../strings.ts";
import { painted, PinInput } from "./pininput.tsx";

/** Milliseconds for the browser to take what it is to save. */
const KEPT = 60_000;

/** A second device for when the address is blocked: makes it, shows how far the office is, hands over its file. */
export function PageScreen(): JSX.Element {
  const working = useSignal(false);
  const fault = useSignal("");
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    fault.value = "";
    working.value = true;
    try {
      await act();
    } catch (error) {
      fault.value = faultOf(error);
    }
    working.value = false;
  };
  useEffect(() => {
    if (seconddevice.underWay()) void attempt(seconddevice.look);
  }, []);
  const second = seconddevice.underWay();
  return (
    <Screen id="page" title={t("page-title")} back={back}>
      <Say icon="document">{t("page-what")}</Say>
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="page-fault">
          {fault.value}
        </Say>
      )}
      {working.value ? (
        <Spinner text={t("working")} />
      ) : second?.state === "ready" ? (
        <Handing />
      ) : second ? (
        <>
          <Say icon="wait" testid="page-state">
            {t(`page-${second.state}`)}
          </Say>
          <button data-testid="page-look" onClick={() => void attempt(seconddevice.look)}>
            {t("page-look")}
          </button>
        </>
      ) : (
        <Beginning make={() => void attempt(seconddevice.make)} />
      )}
      <Devices remove={(one) => void attempt(() => seconddevice.remove(one))} />
    </Screen>
  );
}

function Beginning({ make }: { make: () => void }): JSX.Element {
  if (!seconddevice.mayMake()) return <Say icon="stop">{t("page-most")}</Say>;
  return (
    <>
      <Say icon="people">{t("page-officers")}</Say>
      <Say tone="warn" icon="stop">
        {t("page-risk")}
      </Say>
      <button class="main" data-testid="page-make" onClick={make}>
        {t("page-make")}
      </button>
    </>
  );
}

/** Asks for the file's own PIN, twice, and gives the file. */
function Handing(): JSX.Element {
  const [pin, again, fault, text] = [useSignal(""), useSignal(""), useSignal(""), useSignal("")];
  const sealing = useSignal(false);
  const submit = async (): Promise<void> => {
    const good = pin.value.length >= MIN_FILE_PIN && goodPin(pin.value);
    fault.value = !good ? "page-pin-weak" : pin.value === again.value ? "" : "pin-different";
    if (fault.value) return;
    sealing.value = true;
    await painted();
    text.value = await seconddevice.sealed(pin.value);
    sealing.value = false;
  };
  if (sealing.value) return <Spinner text={t("pin-working")} />;
  if (text.value) return <File text={text.value} />;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Say tone="good" icon="check" testid="page-state">
        {t("page-ready")}
      </Say>
      <p>{t("page-pin-text")}</p>
      <PinInput label={t("page-pin")} value={pin.value} testid="page-pin" onInput={(typed) => (pin.value = typed)} />
      <PinInput label={t("pin-again")} value={again.value} testid="page-pin-again" onInput={(typed) => (again.value = typed)} />
      {fault.value && (
        <Say tone="bad" icon="stop" live testid="page-pin-fault">
          {t(fault.value)}
        </Say>
      )}
      <button class="main" type="submit" data-testid="page-seal">
        {t("page-seal")}
      </button>
    </form>
  );
}

/**
 * Telegram's own download takes an address that its servers check, so what was made here can only go by the browser's;
 * some of Telegram's clients let that come to nothing without a word. So the same can be copied as text.
 */
function File({ text }: { text: string }): JSX.Element {
  const copied = useSignal<boolean | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
    } catch {
      copied.value = false;
    }
  };
  return (
    <div class="stack">
      <Say icon="document">{t("page-file", { name: FILE_NAME })}</Say>
      <button
        class="main"
        data-testid="page-save"
        onClick={() => {
          save(text);
        }}
      >
        {t("page-save")}
      </button>
      <p class="soft">{t("page-copy-text")}</p>
      <button data-testid="page-copy" onClick={() => void copy()}>
        {t(copied.value ? "page-copied" : "page-copy")}
      </button>
      {copied.value === false && <textarea dir="ltr" readOnly rows={4} value={text} aria-label={FILE_NAME} />}
      <Say icon="erase">{t("page-forget")}</Say>
      <button data-testid="page-given" onClick={() => void seconddevice.given()}>
        {t("page-given")}
      </button>
    </div>
  );
}

function save(text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href, download: FILE_NAME }).click();
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, KEPT);
}

function Devices({ remove }: { remove: (one: SecondDevice) => void }): JSX.Element {
  const asked = useSignal("");
  return (
    <section class="stack">
      <h2>{t("page-devices")}</h2>
      <ul class="card list" data-testid="page-devices">
        <li>{t("page-this")}</li>
        {seconddevice.made().map((one) => (
          <li>
            <p>{t(one.state === "refused" ? "page-refused" : "page-one", { ...day(one.at, lang()) })}</p>
            {one.state === "given" && <p class="soft">{t("page-until", { ...day(seconddevice.goodUntil(one), lang()) })}</p>}
            {asked.value === one.device && <p>{t("page-remove-text")}</p>}
            <button
              class={asked.value === one.device ? "danger" : ""}
              data-testid="page-remove"
              onClick={() => {
                if (asked.value === one.device || one.state === "refused") remove(one);
                else asked.value = one.device;
              }}
            >
              {t(asked.value === one.device ? "page-remove-yes" : "page-remove")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
