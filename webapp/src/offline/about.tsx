/** Of what is needed now and then, what works without a network. */
import type { JSX } from "preact";
import type { AboutProps } from "../about.tsx";
import { CaseFileScreen } from "../screens/casefile.tsx";
import { HelpScreen } from "../screens/help.tsx";
import { ElsewhereScreen } from "./screens/elsewhere.tsx";
import { SettingsScreen } from "./screens/settings.tsx";

export { Answering } from "./screens/answer.tsx";

export function About({ place, choose }: AboutProps): JSX.Element {
  if (place.name === "casefile") return <CaseFileScreen />;
  if (place.name === "help") return <HelpScreen />;
  if (place.name === "settings") return <SettingsScreen choose={choose} />;
  return <ElsewhereScreen />;
}
