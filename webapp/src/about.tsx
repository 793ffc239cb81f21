/** What concerns the person themselves: opened now and then, so loaded after all that is needed every day. */
import type { JSX } from "preact";
import type { AboutPlace } from "./router.ts";
import { CaseFileScreen } from "./screens/casefile.tsx";
import { DecideScreen } from "./screens/decide.tsx";
import { HoldingsScreen } from "./screens/holdings.tsx";
import { SharingScreen } from "./screens/sharing.tsx";

export function About({ place }: { place: AboutPlace }): JSX.Element {
  switch (place.name) {
    case "casefile":
      return <CaseFileScreen />;
    case "decide":
      return <DecideScreen office={place.office} />;
    case "holdings":
      return <HoldingsScreen />;
    case "sharing":
      return <SharingScreen />;
  }
}
