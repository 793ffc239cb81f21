import type { JSX } from "preact";
import { refresh } from "../beat.ts";
import { day } from "../dates.ts";
import { lockNow } from "../gate.ts";
import { Icon, type IconName } from "../icons.tsx";
import { offline } from "../outbox.ts";
import { lang, LanguageTool, Say, Screen } from "../parts.tsx";
import { go } from "../router.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { askAnew, fault, isFull } from "../unverified.ts";
import { Door } from "./door.tsx";
import { Freshness } from "./freshness.tsx";
import { Letters, Statuses } from "./home.tsx";

interface Step {
  text: string;
  tone?: "warn" | "good" | "bad";
  icon: IconName;
}

/** Why there is no way on but to begin anew; empty while there is one. */
function end(): string {
  const { dropped, state, unverified } = get("self");
  if (dropped) return "end-over";
  if (state === "refused") return `end-${unverified?.reason ?? "unknown"}`;
  const gone = state === "enrolling" && (fault.value === "closed" || fault.value === "taken");
  return gone ? `fault-${fault.value ?? ""}` : "";
}

/** How far it is, and the one thing to do now. */
function step(): Step {
  const { state, unverified } = get("self");
  if (state === "enrolling" && !offline.value && fault.value) {
    return { text: t(`fault-${fault.value}`), tone: "warn", icon: "stop" };
  }
  if (state === "enrolling") return { text: t(offline.value ? "waiting-network" : "working"), icon: "wait" };
  if (unverified?.same) return { text: t("unverified-same"), tone: "good", icon: "wait" };
  return { text: t(unverified?.vouched ? "unverified-vouched" : "unverified-waits"), tone: "warn", icon: "number" };
}

/** Home of somebody whom no office has vouched for yet. */
export function UnverifiedScreen(): JSX.Element {
  const { state, unverified } = get("self");
  const over = end();
  const now = step();
  return (
    <Screen
      id="unverified"
      title={t("unverified-title", { code: unverified?.code ?? "" })}
      tools={
        <>
          <LanguageTool />
          <button class="round" onClick={lockNow} aria-label={t("home-lock")} data-testid="lock">
            <Icon name="lock" />
          </button>
        </>
      }
    >
      {over ? (
        <Say tone="bad" icon="stop" big live title={t("end-title")} testid={over}>
          {t(over)}
        </Say>
      ) : (
        <Say tone={now.tone} icon={now.icon} live testid="next-step">
          {now.text}
        </Say>
      )}
      {!over && (state === "enrolling" ? fault.value && <Again /> : <Waiting until={unverified?.until} />)}
      <button
        class="quiet"
        data-testid="open-wipe"
        onClick={() => {
          go({ name: "wipe" });
        }}
      >
        {t(over ? "unverified-anew" : "wipe-mine")}
      </button>
    </Screen>
  );
}

function Again(): JSX.Element {
  return (
    <button
      data-testid="unverified-again"
      onClick={() => {
        askAnew();
        void refresh();
      }}
    >
      {t("unverified-again")}
    </button>
  );
}

function Waiting({ until }: { until?: number | undefined }): JSX.Element {
  const last = until === undefined ? null : day(until, lang());
  return (
    <>
      <Door to={{ name: "number" }} icon="number" text={t("unverified-compare")} />
      {!isFull() && <Statuses />}
      <Letters />
      {last && <p class="soft small">{t("unverified-until", { solar: last.solar, gregorian: last.gregorian })}</p>}
      <Freshness />
    </>
  );
}
