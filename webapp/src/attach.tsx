/** What the thread holds besides words: photographs, voice notes, questions of the office, case files. Loaded when it is opened. */
import type { JSX } from "preact";
import { Icon, learn } from "./icons.tsx";
import { go } from "./router.ts";
import { Asked, Told } from "./screens/asked.tsx";
import { Attached } from "./screens/attached.tsx";
import type { Message } from "./state.ts";
import { t } from "./strings.ts";

export { handOn } from "./attachments.ts";
export { AttachScreen } from "./screens/attach.tsx";

learn({
  voice: "M12 3a3 3 0 013 3v5a3 3 0 01-6 0V6a3 3 0 013-3zM6 11a6 6 0 0012 0M12 17v4",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
});

/** Beside the words one writes. */
export function AttachDoor(): JSX.Element {
  return (
    <button
      class="round"
      type="button"
      aria-label={t("attach-title")}
      data-testid="open-attach"
      onClick={() => {
        go({ name: "attach" });
      }}
    >
      <Icon name="picture" />
    </button>
  );
}

/** What a message holds besides its words. */
export function Inset({ message }: { message: Message }): JSX.Element {
  const { fields, ask, attachment } = message;
  return (
    <>
      {fields && <Told fields={fields} />}
      {ask && <Asked ask={ask} />}
      {attachment && <Attached message={{ ...message, attachment }} />}
    </>
  );
}
