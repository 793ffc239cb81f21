import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { brief, day } from "../../dates.ts";
import { Icon } from "../../icons.tsx";
import { lang, Say, Screen } from "../../parts.tsx";
import { Refused } from "../../protocol/errors.ts";
import { STATUSES } from "../../screens/home.tsx";
import { get } from "../../state.ts";
import { t } from "../../strings.ts";
import { now } from "../../time.ts";
import { type Fate, gave, here, type Letter, letters, request, takeIn, upload } from "../courier.ts";
import { unsaved } from "../file.ts";
import { Handing } from "./handing.tsx";

/** More than the bot hands out at a time, in documents too. */
const LARGEST = 16 * 1024 * 1024;
const GOOD: readonly Fate[] = ["taken", "listed", "known"];

interface Outgoing {
  title: string;
  text: string;
  gone: () => Promise<void>;
}

/** To the bot and back. */
export function PostScreen({ back }: { back: () => void }): JSX.Element {
  const outgoing = useSignal<Outgoing | null>(null);
  if (outgoing.value) {
    const { title, text, gone } = outgoing.value;
    return <Handing title={title} text={text} gone={gone} back={() => (outgoing.value = null)} />;
  }
  return (
    <Screen id="post" title={t("post-title")} back={back}>
      <Give outgoing={outgoing} />
      <Ask outgoing={outgoing} />
      <Take />
      <p class="soft small">{t("post-clock", { ...day(now(), lang()) })}</p>
    </Screen>
  );
}

function Give({ outgoing }: { outgoing: Signal<Outgoing | null> }): JSX.Element | null {
  const fault = useSignal(false);
  const waiting = letters();
  if (waiting.length === 0) return null;
  const give = async (letter: Letter): Promise<void> => {
    fault.value = false;
    try {
      outgoing.value = { title: t("give-title"), text: await upload(letter), gone: () => gave(letter) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fault.value = true;
    }
  };
  return (
    <section class="stack">
      <h2>{t("give-waiting")}</h2>
      {fault.value && (
        <Say tone="warn" icon="stop" live testid="give-fault">
          {t("give-no-list")}
        </Say>
      )}
      {waiting.map((letter) => (
        <button key={letter.id} data-testid="give" data-given={letter.given !== undefined} onClick={() => void give(letter)}>
          <Icon name={letter.given === undefined ? "message" : "check"} />
          <span class="grow">
            {named(letter)}
            <br />
            <span class="soft small">
              {letter.given === undefined ? t("give-not-yet") : t("give-given", { time: brief(letter.given, now(), lang()) })}
            </span>
          </span>
        </button>
      ))}
    </section>
  );
}

/** What a letter is, for whoever wrote it. */
function named({ ref }: Letter): string {
  const message = get("messages").find(({ id }) => id === ref);
  const status = STATUSES.find((entry) => entry.status === message?.status);
  if (status) return t(`status-${status.name}`);
  if (message?.fields) return t("thread-told");
  return message?.text ? message.text.slice(0, 40) : t("home-last-text");
}

function Ask({ outgoing }: { outgoing: Signal<Outgoing | null> }): JSX.Element {
  const lettingGo = here.value.size > 0;
  const ask = (): void => {
    const gone = (): Promise<void> => {
      here.value = new Set();
      return Promise.resolve();
    };
    outgoing.value = { title: t("ask-letters"), text: request(), gone };
  };
  return (
    <section class="stack">
      <h2>{t("ask-letters")}</h2>
      <p class="soft small">{t(lettingGo ? "ask-letters-more" : "ask-letters-text")}</p>
      {lettingGo && unsaved.value ? (
        <Say tone="warn" icon="document" testid="ask-save-first">
          {t("ask-save-first")}
        </Say>
      ) : (
        <button data-testid="ask-letters" onClick={ask}>
          <Icon name="refresh" />
          {t("ask-letters")}
        </button>
      )}
    </section>
  );
}

function Take(): JSX.Element {
  const typed = useSignal("");
  const fates = useSignal<readonly Fate[]>([]);
  const take = async (text: string): Promise<void> => {
    typed.value = "";
    fates.value = await takeIn(text);
  };
  const read = async (files: FileList | null): Promise<void> => {
    const all = [...(files ?? [])];
    const small = all.reduce((sum, file) => sum + file.size, 0) <= LARGEST;
    await take(small ? (await Promise.all(all.map((file) => file.text()))).join("\n") : "");
  };
  return (
    <section class="stack">
      <h2>{t("take-title")}</h2>
      <p class="soft small">{t("take-text")}</p>
      <textarea
        class="line"
        rows={3}
        dir="ltr"
        aria-label={t("take-title")}
        autocomplete="off"
        spellcheck={false}
        value={typed.value}
        data-testid="take-input"
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <button class="main" data-testid="take" disabled={typed.value.trim() === ""} onClick={() => void take(typed.value)}>
        {t("take-open")}
      </button>
      <label class="file">
        <Icon name="document" />
        {t("take-file")}
        <input type="file" multiple data-testid="take-file" onChange={(event) => void read(event.currentTarget.files)} />
      </label>
      {[...new Set(fates.value)].map((fate) => (
        <Say key={fate} tone={GOOD.includes(fate) ? "good" : "warn"} icon={GOOD.includes(fate) ? "check" : "stop"} live testid={`fate-${fate}`}>
          {t(`take-${fate}`)}
        </Say>
      ))}
    </section>
  );
}
