import type { JSX } from "preact";
import files from "virtual:voices";
import { Icon, learn } from "../icons.tsx";
import type { Language } from "../strings.ts";

/** Fetched only now, and played from memory: the page's policy lets nothing else sound. */
async function play(file: string): Promise<void> {
  const answer = await fetch(file);
  await new Audio(URL.createObjectURL(await answer.blob())).play();
}

/** Says aloud, in its language, what to do here: for whoever cannot read. */
export function Prompt({ code, name }: { code: Language; name: string }): JSX.Element | null {
  const file = files[code];
  if (!file) return null;
  learn({ speak: "M4 10v4h4l5 4V6l-5 4zM16 9.5a3.5 3.5 0 010 5M18.5 7a7 7 0 010 10" });
  return (
    <button
      class="quiet"
      aria-label={name}
      data-testid={`voice-${code}`}
      onClick={() => {
        // Where it cannot be had or played, the name above still stands.
        play(file).catch(() => undefined);
      }}
    >
      <Icon name="speak" size={32} />
    </button>
  );
}
