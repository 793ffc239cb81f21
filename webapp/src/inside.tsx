/** Everything behind the lock, loaded apart from the way in. */
import type { JSX } from "preact";
import { begin } from "./beat.ts";
import { learn } from "./icons.tsx";
import { back, here } from "./router.ts";
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
import type { Language } from "./strings.ts";

// One beat for the life of the page: it follows the lock by itself.
learn(INSIDE);
begin();

export function Inside({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element | null {
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
    case "another":
    case "casefile":
    case "decide":
    case "help":
    case "holdings":
    case "settings":
    case "sharing":
      return <Seldom place={place} choose={choose} />;
  }
}
