import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FAMILY } from "../assents.ts";
import { Say, Screen, Switch } from "../parts.tsx";
import { back } from "../router.ts";
import { decide, groupName, otherOf } from "../sharing.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";
import { ChildrenMissing } from "./children.tsx";
import { SharingScreen } from "./sharing.tsx";

/** What the office asks to pass on, each group by itself, off until it is permitted. */
export function DecideScreen({ office }: { office: string }): JSX.Element {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const other = otherOf(get("about"), office);
  if (!other?.open.length) return <SharingScreen />;
  return (
    <Screen id="decide" title={t("ask-title")} back={back}>
      <p>{t("ask-text", { office: other.name })}</p>
      <p>{t("consent-lead")}</p>
      <div class="stack">
        {other.open.map((group) => (
          <Switch
            on={chosen.value.has(group)}
            title={groupName(group)}
            text={t("sharing-text", { office: other.name })}
            reader={t("sharing-reader", { office: other.name })}
            testid={`decide-${group}`}
            onChange={(on) => {
              const next = new Set(chosen.value);
              if (on) next.add(group);
              else next.delete(group);
              chosen.value = next;
            }}
          />
        ))}
      </div>
      {other.open.includes(FAMILY) && <ChildrenMissing />}
      <Say icon="question">{t("decide-closing")}</Say>
      <div class="stack foot">
        <button
          class="main"
          data-testid="decide-send"
          onClick={() => {
            back();
            void decide(other, chosen.value);
          }}
        >
          {t(chosen.value.size > 0 ? "decide-yes" : "decide-no")}
        </button>
      </div>
    </Screen>
  );
}
