import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { consent, pause } from "../acts.ts";
import { PURPOSES } from "../enrol.ts";
import { faultOf, Say, Screen, Switch } from "../parts.tsx";
import { back, go } from "../router.ts";
import { get, type Purpose } from "../state.ts";
import { endOf, stands, wantsRenewal } from "../permissions.ts";
import { day } from "../dates.ts";
import { LANGUAGES, language, t, type Language } from "../strings.ts";

export function SettingsScreen({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element {
  const { paused } = get("settings");
  const withdrawing = useSignal<Purpose | null>(null);
  const fault = useSignal("");
  /** Where the fault of the last try is said. */
  const place = useSignal<"language" | "pause">("pause");
  const attempt = async (where: "language" | "pause", act: () => Promise<void>): Promise<void> => {
    fault.value = "";
    place.value = where;
    try {
      await act();
    } catch (error) {
      fault.value = faultOf(error);
    }
  };
  const said = fault.value && (
    <Say tone="bad" icon="stop" live testid="settings-fault">
      {fault.value}
    </Say>
  );
  return (
    <Screen id="settings" title={t("settings-title")} back={back}>
      <section class="stack">
        <h2>{t("settings-language")}</h2>
        <div class="pair">
          {LANGUAGES.map(({ code, name, dir }) => (
            <button
              lang={code}
              dir={dir}
              aria-pressed={language.value === code}
              class={language.value === code ? "main" : ""}
              data-testid={`language-${code}`}
              onClick={() => {
                void attempt("language", () => choose(code));
              }}
            >
              {name}
            </button>
          ))}
        </div>
        {place.value === "language" && said}
      </section>
      <section class="stack">
        <h2>{t("settings-consent")}</h2>
        {PURPOSES.map((purpose) => (
          <>
            <Switch
              on={stands(purpose)}
              title={t(`consent-${purpose}`)}
              text={t(`consent-${purpose}-text`)}
              reader={t(`consent-${purpose}-reader`)}
              testid={`consent-${purpose}`}
              onChange={(on) => {
                if (on) void consent(purpose, true);
                else withdrawing.value = purpose;
              }}
            />
            {wantsRenewal(purpose) && <Renewal purpose={purpose} />}
          </>
        ))}
        {withdrawing.value && <Withdraw purpose={withdrawing.value} done={() => (withdrawing.value = null)} />}
      </section>
      <section class="stack">
        <Switch
          on={paused}
          title={t("settings-pause")}
          text={t("settings-pause-text")}
          testid="pause"
          onChange={(on) => {
            void attempt("pause", () => pause(on));
          }}
        />
        {place.value === "pause" && said}
      </section>
      <div class="stack foot">
        <button
          data-testid="open-holdings"
          onClick={() => {
            go({ name: "holdings" });
          }}
        >
          {t("holdings-title")}
        </button>
        <button
          class="danger"
          data-testid="open-wipe"
          onClick={() => {
            go({ name: "wipe" });
          }}
        >
          {t("settings-wipe")}
        </button>
      </div>
    </Screen>
  );
}

/** A year is over, or nearly: asked anew, in one tap. */
function Renewal({ purpose }: { purpose: Purpose }): JSX.Element {
  const { solar, gregorian } = day(endOf(purpose), language.value ?? "en");
  return (
    <Say tone="warn" icon="calendar" testid={`ends-${purpose}`}>
      {t(stands(purpose) ? "settings-ends" : "settings-ended", { solar, gregorian })}
      <button
        class="main"
        data-testid={`renew-${purpose}`}
        onClick={() => {
          void consent(purpose, true);
        }}
      >
        {t("settings-renew")}
      </button>
    </Say>
  );
}

function Withdraw({ purpose, done }: { purpose: Purpose; done: () => void }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, [purpose]);
  return (
    <div class="stack" role="alert" ref={place}>
      <Say tone="warn" icon="stop" title={t("settings-withdraw", { purpose: t(`consent-${purpose}`) })}>
        {t("settings-withdraw-text")}
      </Say>
      <button
        class="danger"
        data-testid="withdraw-yes"
        onClick={() => {
          void consent(purpose, false).then(done);
        }}
      >
        {t("settings-withdraw-yes")}
      </button>
      <button class="quiet" onClick={done}>
        {t("cancel")}
      </button>
    </div>
  );
}
