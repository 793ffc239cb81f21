import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pause } from "../acts.ts";
import { refresh } from "../beat.ts";
import { isFragile, setFragile } from "../fragile.ts";
import { faultOf, Say, Screen, Switch, write } from "../parts.tsx";
import { OWN } from "../permissions.ts";
import { daysKept } from "../retention.ts";
import { back, go } from "../router.ts";
import { commit, get } from "../state.ts";
import { LANGUAGES, language, t, type Language } from "../strings.ts";
import { Door } from "./door.tsx";
import { Permit } from "./permit.tsx";

export function SettingsScreen({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element {
  const { paused } = get("settings");
  const fault = useSignal("");
  const ten = useSignal(false);
  useEffect(() => {
    void isFragile().then((fragile) => (ten.value = fragile));
  }, []);
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
        {OWN.map((purpose) => (
          <Permit
            permission={purpose}
            name={purpose}
            title={t(`consent-${purpose}`)}
            text={t(`consent-${purpose}-text`)}
            reader={t(`consent-${purpose}-reader`)}
            warning={t(purpose === "sponsor" ? "settings-withdraw-sponsor" : "settings-withdraw-text")}
          />
        ))}
        <Door to={{ name: "sharing" }} icon="office" text={t("settings-sharing")} />
        <Door to={{ name: "children" }} icon="people" text={t("children-title")} />
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
        <Days />
        <Switch
          on={ten.value}
          title={t("settings-ten")}
          text={t("settings-ten-text")}
          testid="ten"
          onChange={(on) => {
            void setFragile(on).then(() => (ten.value = on));
          }}
        />
      </section>
      <div class="stack foot">
        <Door to={{ name: "holdings" }} icon="document" text={t("holdings-title")} />
        <Door to={{ name: "another" }} icon="people" text={t("another-title")} />
        <Door to={{ name: "page" }} icon="document" text={t("page-title")} />
        <button
          class="danger"
          data-testid="open-wipe"
          onClick={() => {
            go({ name: "wipe" });
          }}
        >
          {t("wipe-mine")}
        </button>
      </div>
    </Screen>
  );
}

const CHOICES = [1, 3, 7];

/** How long messages stay; what is past its time then goes with the next round. */
function Days(): JSX.Element {
  return (
    <>
      <h2>{t("settings-days")}</h2>
      <div class="pair">
        {CHOICES.map((days) => (
          <button
            aria-pressed={daysKept() === days}
            data-testid={`days-${days}`}
            onClick={() => {
              void commit({ settings: { ...get("settings"), days } }).then(refresh);
            }}
          >
            {t("settings-day", { count: days, days: write(days) })}
          </button>
        ))}
      </div>
      <p class="soft small">{t("settings-days-text")}</p>
    </>
  );
}
