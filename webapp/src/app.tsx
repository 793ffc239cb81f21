/** Chooses the screen: from what is set up, what is open, and where one went. */
import { signal, useSignal } from "@preact/signals";
import type { FunctionComponent, JSX } from "preact";
import { useEffect } from "preact/hooks";
import * as disk from "./disk.ts";
import { newcomer } from "./enrol.ts";
import { Say, Screen, Spinner } from "./parts.tsx";
import { home } from "./router.ts";
import { erased, settleIn } from "./gate.ts";
import { broken, open, type Purpose } from "./state.ts";
import { language, speak, speakFully, t, type Language } from "./strings.ts";
import { ConsentScreen } from "./screens/consent.tsx";
import { LanguageScreen } from "./screens/language.tsx";
import { LetterScreen } from "./screens/letter.tsx";
import { PinScreen } from "./screens/pin.tsx";
import { UnlockScreen } from "./screens/unlock.tsx";
import { WhoScreen } from "./screens/who.tsx";
import { ErasedScreen, WipeScreen } from "./screens/wipe.tsx";

/** True when this phone has been set up, so that there is something behind the lock. */
export const settled = signal(false);
/** True when another window holds the app. */
export const elsewhere = signal(false);

interface InsideProps {
  choose: (code: Language) => void;
}

const inside = signal<FunctionComponent<InsideProps> | null>(null);

/** Loads what lies behind the lock; at the first quiet moment, so that it is there when it is needed. */
export async function prepare(): Promise<void> {
  const loaded = await import("./inside.tsx");
  await speakFully();
  inside.value ??= loaded.Inside;
}

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
  if (open.value) return <Behind />;
  return settled.value ? <Locked /> : <Arrival />;
}

const RETRY = 3000;

function Behind(): JSX.Element {
  const missing = useSignal(false);
  useEffect(() => {
    const load = (): void => {
      prepare().catch(() => (missing.value = true));
    };
    load();
    // A network that came and went on the way in.
    const timer = setInterval(load, RETRY);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const Inside = inside.value;
  if (Inside) return <Inside choose={choosing} />;
  return (
    <Screen id="loading" title={t("unlock-title")}>
      <Spinner text={t(missing.value ? "error-offline" : "working")} />
    </Screen>
  );
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
