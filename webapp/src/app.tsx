/** Chooses the screen: from what is set up, what is open, and where one went. */
import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { elsewhere } from "./alone.ts";
import { core, inside, loadAll, loadReferral, referral } from "./chunks.ts";
import * as disk from "./disk.ts";
import { Loading, Say, Screen } from "./parts.tsx";
import { back, here, home } from "./router.ts";
import { erased } from "./gate.ts";
import { Seldom } from "./seldom.tsx";
import { another, broken, newcomer, open } from "./state.ts";
import { choosing, language, speak, t, type Language } from "./strings.ts";
import { LanguageScreen } from "./screens/language.tsx";
import { LetterScreen } from "./screens/letter.tsx";
import { UnlockScreen } from "./screens/unlock.tsx";
import { ErasedScreen, WipeScreen } from "./screens/wipe.tsx";

/** True when this phone has been set up, so that there is something behind the lock. */
export const settled = signal(false);

/** Speaks the language from now on. Throws Offline when it cannot be loaded; then nothing changes. */
async function choose(code: Language): Promise<void> {
  await speak(code);
  choosing.value = false;
  try {
    await disk.change([["language", code]]);
  } catch {
    broken.value = "full";
  }
}

export function App(): JSX.Element | null {
  if (language.value === null || choosing.value) return <LanguageScreen choose={choose} />;
  if (broken.value) return <Plain id={broken.value} />;
  if (elsewhere.value) return <Plain id="elsewhere" />;
  if (erased.value) return <ErasedScreen />;
  if (open.value) return <Behind />;
  return settled.value && another.value === null ? <Locked /> : <Arrival />;
}

function Behind(): JSX.Element {
  const Inside = inside.value?.Inside;
  if (Inside) return <Inside choose={choose} />;
  return <Loading load={loadAll} title={t("unlock-title")} missing={t("error-offline")} />;
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

function Locked(): JSX.Element {
  const place = here();
  if (place.name === "wipe") return <WipeScreen back={back} />;
  if (place.name === "another") return <Seldom place={place} choose={choose} />;
  return <UnlockScreen />;
}

function Arrival(): JSX.Element {
  const unlettered = useSignal(false);
  const done = (): void => {
    settled.value = true;
    home();
  };
  const failed = (): void => {
    broken.value = "full";
  };
  if (unlettered.value) {
    const back = (): void => {
      unlettered.value = false;
    };
    const Stranger = referral.value?.Stranger;
    if (Stranger) return <Stranger done={done} failed={failed} back={back} />;
    return <Loading load={loadReferral} title={t("letter-none")} missing={t("error-offline")} back={back} />;
  }
  const Introduction = core.value?.Introduction;
  if (!newcomer.value || !Introduction) return <LetterScreen without={() => (unlettered.value = true)} />;
  return <Introduction done={done} failed={failed} />;
}
