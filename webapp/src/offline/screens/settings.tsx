import type { JSX } from "preact";
import { day } from "../../dates.ts";
import { lang, Say, Screen } from "../../parts.tsx";
import { back, go } from "../../router.ts";
import { LANGUAGES, language, t, type Language } from "../../strings.ts";
import { reachableUntil } from "../courier.ts";
import { lasting } from "../disk.ts";
import { NeedsApp } from "./elsewhere.tsx";

export function SettingsScreen({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element {
  return (
    <Screen id="settings" title={t("settings-title")} back={back}>
      <section class="stack">
        <h2>{t("settings-language")}</h2>
        <div class="pair">
          {LANGUAGES.map(({ code, name, dir }) => (
            <button
              key={code}
              lang={code}
              dir={dir}
              aria-pressed={language.value === code}
              class={language.value === code ? "main" : ""}
              data-testid={`language-${code}`}
              onClick={() => void choose(code)}
            >
              {name}
            </button>
          ))}
        </div>
      </section>
      <section class="stack">
        <h2>{t("this-title")}</h2>
        <p>{t("this-reachable", { ...day(reachableUntil(), lang()) })}</p>
        <Say icon="lock">{t(lasting.value ? "this-kept" : "this-not-kept")}</Say>
      </section>
      <section class="stack">
        <h2>{t("settings-consent")}</h2>
        <NeedsApp />
      </section>
      <div class="stack foot">
        <button class="danger" data-testid="open-wipe" onClick={() => { go({ name: "wipe" }); }}>
          {t("wipe-mine")}
        </button>
      </div>
    </Screen>
  );
}
