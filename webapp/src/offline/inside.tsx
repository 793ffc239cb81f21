/** Everything behind the lock that works without a network. */
import type { JSX } from "preact";
import { learn } from "../icons.tsx";
import { back, here } from "../router.ts";
import { HomeScreen } from "../screens/home.tsx";
import { NoticeScreen } from "../screens/notice.tsx";
import { StatusScreen } from "../screens/status.tsx";
import { ThreadScreen } from "../screens/thread.tsx";
import { Seldom } from "../seldom.tsx";
import { INSIDE } from "../shapes.ts";
import type { Language } from "../strings.ts";
import { begin } from "./beat.ts";
import { posting } from "./posting.ts";
import { ElsewhereScreen } from "./screens/elsewhere.tsx";
import { PostScreen } from "./screens/post.tsx";
import { SaveBar } from "./screens/save.tsx";
import { WipeScreen } from "./screens/wipe.tsx";

learn(INSIDE);
begin();

export function Inside({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element | null {
  return (
    <>
      <SaveBar />
      <Shown choose={choose} />
    </>
  );
}

function Shown({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element | null {
  const place = here();
  if (place.name === "wipe") return <WipeScreen back={back} />;
  if (posting.value) return <PostScreen back={() => (posting.value = false)} />;
  if (place.name === "home" || place.name === "number") return <HomeScreen />;
  if (place.name === "thread") return <ThreadScreen />;
  if (place.name === "status") return <StatusScreen status={place.status} />;
  if (place.name === "notice") return <NoticeScreen id={place.id} version={place.version} />;
  if (place.name === "attach") return <ElsewhereScreen />;
  return <Seldom place={place} choose={choose} />;
}
