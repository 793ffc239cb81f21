import type { JSX } from "preact";
import type * as online from "../../screens/answer.tsx";
import { NeedsApp } from "./elsewhere.tsx";

type Props = Parameters<typeof online.Answering>[0];

/** An answer counts once the relay has it, and what the relay said to it matters: it is not given by hand. */
export function Answering({ held }: Props): JSX.Element | null {
  return held.own && <NeedsApp />;
}
