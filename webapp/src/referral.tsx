/** Coming without a letter, from the choice of an office to the card: few need it, so it is loaded for them alone. */
import type { JSX } from "preact";
import type { Place } from "./router.ts";
import { get } from "./state.ts";
import { t } from "./strings.ts";
import { ComparisonScreen, DifferentScreen } from "./screens/comparison.tsx";
import { StatusScreen } from "./screens/status.tsx";
import { ThreadScreen } from "./screens/thread.tsx";
import { UnverifiedScreen } from "./screens/unverified.tsx";
import { VerifiedScreen } from "./screens/verified.tsx";
import { isFull } from "./unverified.ts";

export { advance } from "./unverified.ts";
export { Stranger } from "./screens/stranger.tsx";

/** What such a letter may hold, padding included, is 2 KiB; the rest is the envelope's. */
const MOST_BYTES = 1500;

/** Behind the lock until the office's card is here, and once more when it is. */
export function Unverified({ place }: { place: Place }): JSX.Element {
  const { unverified } = get("self");
  if (unverified?.same === false) return <DifferentScreen />;
  if (!unverified) return <VerifiedScreen />;
  return (
    <>
      <aside class="mark" data-testid="unverified">
        {t("unverified-mark")}
      </aside>
      <Shown place={place} />
    </>
  );
}

function Shown({ place }: { place: Place }): JSX.Element {
  if (place.name === "thread") {
    return <ThreadScreen most={MOST_BYTES} full={isFull() ? t("unverified-full") : undefined} />;
  }
  if (place.name === "status") return <StatusScreen status={place.status} />;
  return place.name === "number" ? <ComparisonScreen /> : <UnverifiedScreen />;
}
