/** Chooses the screen: from what this phone has, and what is open. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import * as disk from "../disk.ts";
import { Say, Screen } from "../parts.tsx";
import { LanguageScreen } from "../screens/language.tsx";
import { choosing, language, speak, t, type Language } from "../strings.ts";
import { BeginScreen } from "./begin.tsx";
import { joined, keys, settled } from "./device.ts";
import { EraseScreen, erased, ErasedScreen, erasing, gone } from "./erase.tsx";
import { JoinScreen } from "./join.tsx";
import { UnlockScreen } from "./unlock.tsx";
import { WishesScreen } from "./list.tsx";

export const broken = signal(false);

async function choose(code: Language): Promise<void> {
  await speak(code);
  choosing.value = false;
  await disk.change([["language", code]]);
}

export function Page(): JSX.Element {
  if (language.value === null || choosing.value) return <LanguageScreen choose={choose} />;
  if (broken.value) {
    return (
      <Screen id="broken" title={t("broken-title")}>
        <Say icon="stop" live>
          {t("broken-text")}
        </Say>
      </Screen>
    );
  }
  if (erased.value) return <ErasedScreen />;
  if (gone.value || erasing.value) return <EraseScreen />;
  if (!settled.value) return <BeginScreen />;
  if (!keys.value) return <UnlockScreen />;
  return joined.value ? <WishesScreen /> : <JoinScreen record={keys.value.record} />;
}
