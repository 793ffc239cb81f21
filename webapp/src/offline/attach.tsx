/** What the thread holds besides words. A photograph or voice note is fetched chunk by chunk: that needs the app. */
import type { JSX } from "preact";
import { Asked, Told } from "../screens/asked.tsx";
import type { Message } from "../state.ts";
import { NeedsApp } from "./screens/elsewhere.tsx";

export function Inset({ message: { fields, ask, attachment } }: { message: Message }): JSX.Element {
  return (
    <>
      {fields && <Told fields={fields} />}
      {ask && <Asked ask={ask} />}
      {attachment && <NeedsApp />}
    </>
  );
}

/** None can be sent. */
export const AttachDoor = undefined;
