import type { JSX } from "preact";
import { lockNow } from "../gate.ts";
import type { IconName } from "../icons.tsx";
import { freeTail } from "../tail.ts";
import { Say, Screen } from "../parts.tsx";
import { back, home } from "../router.ts";
import { another } from "../state.ts";
import { t } from "../strings.ts";
import { beginAt } from "../time.ts";

const PARTS: readonly { name: string; icon: IconName }[] = [
  { name: "own", icon: "people" },
  { name: "bell", icon: "message" },
  { name: "waiting", icon: "wait" },
  { name: "erase", icon: "erase" },
];

/** Locks, and lets a further person begin with a letter of their own. */
async function begin(): Promise<void> {
  const tail = await freeTail();
  lockNow();
  beginAt(0);
  home();
  another.value = tail;
}

/** What people who share a phone have to know, said to everybody alike: it tells nothing about who uses this one. */
export function AnotherScreen(): JSX.Element {
  return (
    <Screen id="another" title={t("another-title")} back={back}>
      {PARTS.map(({ name, icon }) => (
        <Say icon={icon}>{t(`another-${name}`)}</Say>
      ))}
      <div class="stack foot">
        <button class="main" data-testid="another-begin" onClick={() => void begin()}>
          {t("another-begin")}
        </button>
      </div>
    </Screen>
  );
}
