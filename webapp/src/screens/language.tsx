import type { JSX } from "preact";
import { Icon } from "../icons.tsx";
import { LANGUAGES, type Language } from "../strings.ts";

/** The first screen: languages by the names their speakers use. It needs no catalogue yet. */
export function LanguageScreen({ choose }: { choose: (code: Language) => void }): JSX.Element {
  return (
    <main data-testid="screen-language">
      <header>
        <h1 class="hidden">Language · زبان</h1>
      </header>
      <div class="stack centre">
        <Icon name="message" size={56} />
      </div>
      <div class="stack">
        {LANGUAGES.map(({ code, name, dir }) => (
          <button
            class="main"
            lang={code}
            dir={dir}
            data-testid={`language-${code}`}
            onClick={() => {
              choose(code);
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </main>
  );
}
