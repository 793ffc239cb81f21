/** Chooses the screen: from what is set up, what is open, and where one went. */
import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import * as disk from "./disk.ts";
import { newcomer } from "./enrol.ts";
import { Say, Screen } from "./parts.tsx";
import { back, here, home } from "./router.ts";
import { erased, settleIn } from "./session.ts";
import { broken, get, open, type Purpose } from "./state.ts";
import { language, speak, t, type Language } from "./strings.ts";
import { ConsentScreen } from "./screens/consent.tsx";
import { HelpScreen } from "./screens/help.tsx";
import { HomeScreen } from "./screens/home.tsx";
import { LanguageScreen } from "./screens/language.tsx";
import { LetterScreen } from "./screens/letter.tsx";
import { NoticeScreen } from "./screens/notice.tsx";
import { PinScreen } from "./screens/pin.tsx";
import { SettingsScreen } from "./screens/settings.tsx";
import { StatusScreen } from "./screens/status.tsx";
import { StopScreen } from "./screens/stop.tsx";
import { ThreadScreen } from "./screens/thread.tsx";
import { UnlockScreen } from "./screens/unlock.tsx";
import { WaitingScreen } from "./screens/waiting.tsx";
import { WhoScreen } from "./screens/who.tsx";
import { ErasedScreen, WipeScreen } from "./screens/wipe.tsx";

/** True when this phone has been set up, so that there is something behind the lock. */
export const settled = signal(false);
/** True when another window holds the app. */
export const elsewhere = signal(false);

async function choose(code: Language): Promise<void> {
  await speak(code);
  await disk.write("language", code);
}

function choosing(code: Language): void {
  choose(code).catch(() => {
    broken.value = true;
  });
}

export function App(): JSX.Element | null {
  if (language.value === null) return <LanguageScreen choose={choosing} />;
  if (broken.value) return <Plain id="broken" />;
  if (elsewhere.value) return <Plain id="elsewhere" />;
  if (erased.value) return <ErasedScreen />;
  if (open.value) return <Inside />;
  return settled.value ? <Locked /> : <Arrival />;
}

function Plain({ id }: { id: "broken" | "elsewhere" }): JSX.Element {
  return (
    <Screen id={id} title={t(`${id}-title`)}>
      <Say icon="stop" live>
        {t(`${id}-text`)}
      </Say>
    </Screen>
  );
}

function Locked(): JSX.Element {
  const wiping = useSignal(false);
  if (wiping.value) return <WipeScreen back={() => (wiping.value = false)} />;
  return <UnlockScreen wipe={() => (wiping.value = true)} />;
}

function Arrival(): JSX.Element {
  const step = useSignal<"who" | "consent" | "pin">("who");
  const consents = useSignal<Record<Purpose, boolean>>({ messages: false, departures: false });
  if (!newcomer.value) return <LetterScreen />;
  if (step.value === "who") return <WhoScreen next={() => (step.value = "consent")} />;
  if (step.value === "consent") {
    return <ConsentScreen given={consents} next={() => (step.value = "pin")} back={() => (step.value = "who")} />;
  }
  const set = async (pin: string): Promise<void> => {
    try {
      await settleIn(pin, consents.value);
      settled.value = true;
      home();
    } catch {
      broken.value = true;
    }
  };
  return <PinScreen set={set} back={() => (step.value = "consent")} />;
}

function Inside(): JSX.Element | null {
  const place = here();
  if (place.name === "wipe") return <WipeScreen back={back} />;
  if (get("office").stop) return <StopScreen />;
  if (get("self").state !== "enrolled") return <WaitingScreen />;
  switch (place.name) {
    case "home":
      return <HomeScreen />;
    case "thread":
      return <ThreadScreen />;
    case "status":
      return <StatusScreen status={place.status} />;
    case "notice":
      return <NoticeScreen id={place.id} version={place.version} />;
    case "help":
      return <HelpScreen />;
    case "settings":
      return <SettingsScreen choose={choosing} />;
  }
}
