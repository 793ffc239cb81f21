/** Everything behind the lock, loaded apart from the way in. */
import type { JSX } from "preact";
import { begin } from "./beat.ts";
import { attach, loadReferral, referral } from "./chunks.ts";
import { learn } from "./icons.tsx";
import { Loading } from "./parts.tsx";
import { back, here, type Place } from "./router.ts";
import { HomeScreen } from "./screens/home.tsx";
import { NoticeScreen } from "./screens/notice.tsx";
import { StatusScreen } from "./screens/status.tsx";
import { StopScreen } from "./screens/stop.tsx";
import { ThreadScreen } from "./screens/thread.tsx";
import { WaitingScreen } from "./screens/waiting.tsx";
import { WipeScreen } from "./screens/wipe.tsx";
import { Seldom } from "./seldom.tsx";
import { INSIDE } from "./shapes.ts";
import { get } from "./state.ts";
import { t, type Language } from "./strings.ts";

// One beat for the life of the page: it follows the lock by itself.
learn(INSIDE);
begin();

export function Inside({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element | null {
  const place = here();
  if (place.name === "wipe") return <WipeScreen back={back} />;
  if (get("office").stop) return <StopScreen />;
  const { state, unverified, asking } = get("self");
  if (unverified ?? asking) return <Unlettered place={place} />;
  if (state !== "enrolled") return <WaitingScreen />;
  switch (place.name) {
    case "home":
    case "number":
      return <HomeScreen />;
    case "thread":
      return <ThreadScreen />;
    case "attach":
      return attach.value && <attach.value.AttachScreen />;
    case "status":
      return <StatusScreen status={place.status} />;
    case "notice":
      return <NoticeScreen id={place.id} version={place.version} />;
    case "another":
    case "casefile":
    case "children":
    case "decide":
    case "help":
    case "holdings":
    case "page":
    case "settings":
    case "sharing":
      return <Seldom place={place} choose={choose} />;
  }
}

/** Whoever came without a letter, until two officers vouched and the number was the same. */
function Unlettered({ place }: { place: Place }): JSX.Element {
  const Unverified = referral.value?.Unverified;
  if (Unverified) return <Unverified place={place} />;
  return <Loading load={loadReferral} title={t("home-title")} missing={t("home-later")} back={back} />;
}
