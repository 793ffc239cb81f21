/** A screen of about.tsx, or that it is still to come. */
import type { JSX } from "preact";
import type { AboutProps } from "./about.tsx";
import { about, loadAbout } from "./chunks.ts";
import { Loading } from "./parts.tsx";
import { back } from "./router.ts";
import { open } from "./state.ts";
import { t } from "./strings.ts";

export function Seldom(props: AboutProps): JSX.Element {
  const About = about.value?.About;
  if (About) return <About {...props} />;
  const [title, missing] = open.value ? ["home-title", "home-later"] : ["unlock-title", "error-offline"];
  return <Loading load={loadAbout} title={t(title)} missing={t(missing)} back={back} />;
}
