import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../icons.tsx";
import { Say } from "../parts.tsx";
import { LANGUAGES, type Language } from "../strings.ts";
import { Prompt } from "./prompt.tsx";

/** The first screen: languages by the names their speakers use. It needs no catalogue yet, so it brings its words. */
export function LanguageScreen({ choose }: { choose: (code: Language) => Promise<void> }): JSX.Element {
  const missing = useSignal<Language | null>(null);
  return (
    <main data-testid="screen-language">
      <header>
        <h1 class="hidden">Language · زبان · ژبه</h1>
      </header>
      <div class="stack centre">
        <Icon name="message" size={56} />
      </div>
      <div class="stack">
        {LANGUAGES.map(({ code, name, dir, offline }) => (
          <>
            <button
              class="main"
              lang={code}
              dir={dir}
              data-testid={`language-${code}`}
              onClick={() => {
                missing.value = null;
                choose(code).catch(() => (missing.value = code));
              }}
            >
              {name}
            </button>
            {import.meta.env.VOICES && <Prompt code={code} name={name} />}
            {missing.value === code && (
              <div lang={code} dir={dir}>
                <Say tone="bad" icon="stop" live testid="language-offline">
                  {offline}
                </Say>
              </div>
            )}
          </>
        ))}
      </div>
    </main>
  );
}
