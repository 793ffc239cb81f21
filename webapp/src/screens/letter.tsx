import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { hasScanner, scan, startParam } from "../bridge.ts";
import { core, loadCore } from "../chunks.ts";
import { Stopped } from "../faults.ts";
import { Icon } from "../icons.tsx";
import { faultOf, LanguageTool, Say, Screen, Spinner } from "../parts.tsx";
import { another, newcomer } from "../state.ts";
import { t } from "../strings.ts";
import type { Camera } from "./camera.tsx";

type Way = "choose" | "words" | "text" | "camera";
const TYPED = [
  ["words", "letter-words"],
  ["text", "letter-text"],
] as const;

/** Loaded with the first scan. */
const camera = signal<typeof Camera | null>(null);

const fault = signal<string | null>(null);
const working = signal(false);
const stopped = signal(false);
/** Kept while a try is under way: nobody types twelve words twice because the network failed. */
const typed = signal("");

/** Goes from a letter to the office it names; whatever fails is said and can be tried again. */
async function use(text: string, words = false): Promise<void> {
  fault.value = null;
  working.value = true;
  try {
    const { introduce, readLetter, readWords } = await loadCore();
    newcomer.value = await introduce(words ? { secret: await readWords(text) } : readLetter(text));
    typed.value = "";
  } catch (error) {
    if (error instanceof Stopped) stopped.value = true;
    else fault.value = faultOf(error);
  } finally {
    working.value = false;
  }
}

async function openScanner(): Promise<void> {
  fault.value = null;
  try {
    // The client's scanner asks at each code whether it is a letter.
    await loadCore();
    const found = await scan(t("letter-scan-hint"), isLetter);
    if (found) await use(found);
  } catch (error) {
    fault.value = faultOf(error);
  }
}

async function openCamera(): Promise<void> {
  fault.value = null;
  try {
    await loadCore();
    camera.value = (await import("./camera.tsx")).Camera;
  } catch {
    fault.value = t("error-offline");
  }
}

async function usePicture(file: File | undefined): Promise<void> {
  if (!file) return;
  fault.value = null;
  working.value = true;
  try {
    const { readPicture } = await import("../scanner.ts");
    const found = await readPicture(file);
    working.value = false;
    if (found === null) fault.value = t("letter-no-code");
    else void use(found);
  } catch {
    working.value = false;
    fault.value = t("error-offline");
  }
}

function isLetter(text: string): boolean {
  try {
    return core.value?.readLetter(text) !== undefined;
  } catch {
    return false;
  }
}

/** Nobody else comes after all. */
function stay(): void {
  another.value = null;
}

export function LetterScreen({ without }: { without: () => void }): JSX.Element {
  const way = useSignal<Way>("choose");
  const leave = (): void => {
    fault.value = null;
    typed.value = "";
    way.value = "choose";
  };
  const startScan = (): void => {
    if (hasScanner) void openScanner();
    else void openCamera().then(() => (way.value = camera.value ? "camera" : "choose"));
  };
  if (working.value) {
    return (
      <Screen id="letter-working" title={t("letter-title")}>
        <Spinner text={t("working")} />
      </Screen>
    );
  }
  const problem = stopped.value ? t("letter-mismatch") : fault.value;
  const said = problem && (
    <Say tone="bad" icon="stop" live testid="letter-fault">
      {problem}
    </Say>
  );
  if (way.value === "words" || way.value === "text") {
    return <Typed id={way.value} said={said} back={leave} />;
  }
  const Look = camera.value;
  if (way.value === "camera" && Look) {
    return (
      <Screen id="letter-camera" title={t("letter-scan")} back={leave}>
        <Look
          accept={isLetter}
          instead={() => (way.value = "words")}
          found={(text) => {
            way.value = "choose";
            void use(text);
          }}
        />
      </Screen>
    );
  }
  return (
    <Screen id="letter" title={t("letter-title")} tools={<LanguageTool />} back={another.value === null ? undefined : stay}>
      <p>{t("letter-lead")}</p>
      {startParam.startsWith("i_") && <p class="soft small">{t("letter-link-hint")}</p>}
      {said}
      <div class="stack">
        <button class="main" onClick={startScan} data-testid="letter-scan">
          <Icon name="scan" />
          {t("letter-scan")}
        </button>
        <label class="file">
          <Icon name="picture" />
          <span>{t("letter-picture")}</span>
          <input
            type="file"
            accept="image/*"
            aria-label={t("letter-picture")}
            data-testid="letter-picture"
            onChange={(event) => {
              void usePicture(event.currentTarget.files?.[0]);
            }}
          />
        </label>
        {TYPED.map(([name, id]) => (
          <button
            data-testid={id}
            onClick={() => {
              fault.value = null;
              way.value = name;
            }}
          >
            <Icon name={name} />
            {t(id)}
          </button>
        ))}
      </div>
      <Say tone="warn" icon="stop">
        {t("letter-never-chat")}
      </Say>
      {another.value === null && <p class="soft small">{t("letter-again")}</p>}
      <button class="quiet" onClick={without} data-testid="letter-none">
        {t("letter-none")}
      </button>
    </Screen>
  );
}

function Typed({ id, said, back }: {
  id: "words" | "text";
  said: JSX.Element | "" | null;
  back: () => void;
}): JSX.Element {
  const submit = (): void => {
    void use(typed.value, id === "words");
  };
  return (
    <Screen id={`letter-${id}`} title={t(`letter-${id}-title`)} back={back}>
      <label class="field">
        {t(`letter-${id}-label`)}
        <textarea
          dir="ltr"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          data-testid="letter-input"
          aria-describedby="letter-hint"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="soft small" id="letter-hint">
        {t(`letter-${id}-hint`)}
      </p>
      {said}
      <div class="stack foot">
        <button class="main" disabled={typed.value.trim() === ""} onClick={submit} data-testid="letter-check">
          {t("letter-check")}
        </button>
      </div>
    </Screen>
  );
}
