/** Chooses the screen of the page that is one file. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { elsewhere } from "../alone.ts";
import { erased } from "../gate.ts";
import { Say, Screen } from "../parts.tsx";
import { back, here } from "../router.ts";
import { LanguageScreen } from "../screens/language.tsx";
import { UnlockScreen } from "../screens/unlock.tsx";
import { broken, open } from "../state.ts";
import { choosing, language, speak, speakMore, t, type Language } from "../strings.ts";
import * as disk from "./disk.ts";
import { Inside } from "./inside.tsx";
import { KeysScreen } from "./screens/keys.tsx";
import { ErasedScreen, WipeScreen } from "./screens/wipe.tsx";

/** True when there are keys behind a PIN. */
export const settled = signal(false);

/** Speaks the language with all its words. */
export async function say(code: Language): Promise<void> {
  await speak(code);
  await speakMore(3);
}

async function choose(code: Language): Promise<void> {
  await say(code);
  choosing.value = false;
  await disk.change([["language", code]]);
}

export function Page(): JSX.Element | null {
  if (language.value === null || choosing.value) return <LanguageScreen choose={choose} />;
  if (broken.value) return <Plain id={broken.value} />;
  if (elsewhere.value) return <Plain id="elsewhere" />;
  if (erased.value) return <ErasedScreen />;
  if (open.value) return <Inside choose={choose} />;
  if (here().name === "wipe") return <WipeScreen back={back} />;
  return settled.value ? <UnlockScreen /> : <KeysScreen done={() => (settled.value = true)} />;
}

function Plain({ id }: { id: "broken" | "full" | "elsewhere" }): JSX.Element {
  return (
    <Screen id={id} title={t(`${id}-title`)}>
      <Say icon="stop" live>
        {t(`${id}-text`)}
      </Say>
    </Screen>
  );
}
