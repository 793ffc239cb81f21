import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FILE_NAME } from "../../keyfile.ts";
import { Say } from "../../parts.tsx";
import { t } from "../../strings.ts";
import { download } from "../download.ts";
import { text, unsaved } from "../file.ts";

/** Above every screen while something is in this window alone. */
export function SaveBar(): JSX.Element | null {
  const once = useSignal(false);
  if (!unsaved.value && !once.value) return null;
  return (
    <aside>
      <Say tone={unsaved.value ? "warn" : "good"} icon="document" live testid="save" title={unsaved.value ? t("save-title") : ""}>
        {t(unsaved.value ? "save-text" : "save-done")}
        {unsaved.value && (
          <button
            data-testid="save-file"
            onClick={() => {
              download(FILE_NAME, text());
              once.value = true;
            }}
          >
            {t("save-file")}
          </button>
        )}
      </Say>
    </aside>
  );
}
