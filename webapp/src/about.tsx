/** Help, settings and what concerns the person themselves: opened now and then, so loaded after what is needed every day. */
import type { JSX } from "preact";
import type { AboutPlace } from "./router.ts";
import type { Language } from "./strings.ts";
import { AnotherScreen } from "./screens/another.tsx";
import { CaseFileScreen } from "./screens/casefile.tsx";
import { ChildrenScreen } from "./screens/children.tsx";
import { DecideScreen } from "./screens/decide.tsx";
import { HelpScreen } from "./screens/help.tsx";
import { HoldingsScreen } from "./screens/holdings.tsx";
import { PageScreen } from "./screens/page.tsx";
import { SettingsScreen } from "./screens/settings.tsx";
import { SharingScreen } from "./screens/sharing.tsx";

export { Answering } from "./screens/answer.tsx";

export interface AboutProps {
  place: AboutPlace;
  /** Takes over another language. */
  choose: (code: Language) => Promise<void>;
}

export function About({ place, choose }: AboutProps): JSX.Element {
  switch (place.name) {
    case "another":
      return <AnotherScreen />;
    case "casefile":
      return <CaseFileScreen />;
    case "children":
      return <ChildrenScreen />;
    case "decide":
      return <DecideScreen office={place.office} />;
    case "help":
      return <HelpScreen />;
    case "holdings":
      return <HoldingsScreen />;
    case "page":
      return <PageScreen />;
    case "settings":
      return <SettingsScreen choose={choose} />;
    case "sharing":
      return <SharingScreen />;
  }
}
