import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { groups, LONGEST, tell, toldAt, waits } from "../casefile.ts";
import { day } from "../dates.ts";
import { lang, Say, Screen } from "../parts.tsx";
import { sharing, stands } from "../permissions.ts";
import { back, home } from "../router.ts";
import { groupName } from "../sharing.ts";
import { get } from "../state.ts";
import { t } from "../strings.ts";

/** Code -> what is being written there; null where it is to be taken back, undefined where it stays. */
type Drafts = Signal<Readonly<Record<string, string | null | undefined>>>;

/** The form, empty again once it was handed over: the phone knows what was told, not what it said. */
export function CaseFileScreen(): JSX.Element {
  const drafts: Drafts = useSignal({});
  const changes = Object.entries(drafts.value)
    .map(([code, text]) => ({ code, text: text?.trim() ?? "", taken: text === null }))
    .filter(({ text, taken }) => taken || text !== "");
  const tooLong = changes.some(({ text }) => isTooLong(text));
  return (
    <Screen id="casefile" title={t("home-casefile")} back={back}>
      <p>{t("casefile-lead")}</p>
      <Say icon="erase">{t("casefile-kept")}</Say>
      {groups().map(({ group, codes }) => (
        <section class="card" key={group}>
          <h2>{groupName(group)}</h2>
          {group === "papers" && (
            <p class="soft small" id="why-papers">
              {t("why-papers")}
            </p>
          )}
          {codes.map((code) => (
            <Entry key={code} code={code} drafts={drafts} />
          ))}
          <p class="soft small">
            {t("casefile-reader")} {readers(group)}
          </p>
        </section>
      ))}
      {!stands("messages") && <Say icon="stop">{t("home-next-consent")}</Say>}
      <div class="stack foot">
        <button
          class="main"
          data-testid="casefile-send"
          disabled={changes.length === 0 || tooLong || !stands("messages")}
          onClick={() => {
            void tell(changes.map(({ code, text }) => ({ code, text }))).then(home);
          }}
        >
          {t("casefile-send")}
        </button>
      </div>
    </Screen>
  );
}

/** Whom else the group reaches, because it was permitted. */
function readers(group: string): string {
  const offices = get("about").others.filter(({ office }) => stands(sharing(office, group)));
  return offices.length > 0 ? t("casefile-others", { offices: offices.map(({ name }) => name).join(", ") }) : "";
}

function isTooLong(text: string): boolean {
  return new TextEncoder().encode(text).length > LONGEST;
}

function Entry({ code, drafts }: { code: string; drafts: Drafts }): JSX.Element {
  const draft = drafts.value[code];
  const set = (text: string | null | undefined): void => {
    drafts.value = { ...drafts.value, [code]: text };
  };
  const at = toldAt(code);
  if (typeof draft === "string" || (draft === undefined && at === undefined && !waits(code))) {
    return <Writing code={code} text={draft ?? ""} set={set} />;
  }
  return (
    <div class="stack" role="group" aria-label={t(`field-${code}`)} data-testid={`told-${code}`}>
      <strong>{t(`field-${code}`)}</strong>
      {at !== undefined && <p>{t("casefile-told", { ...day(at, lang()) })}</p>}
      {waits(code) && <p class="soft">{t("state-waiting")}</p>}
      {draft === null && (
        <Say tone="warn" icon="erase" live>
          {t("casefile-taking")}
        </Say>
      )}
      <div class="pair">
        <button
          data-testid={`anew-${code}`}
          onClick={() => {
            set("");
          }}
        >
          {t("casefile-anew")}
        </button>
        <button
          data-testid={`take-${code}`}
          onClick={() => {
            set(draft === null ? undefined : null);
          }}
        >
          {t(draft === null ? "casefile-leave" : "casefile-take")}
        </button>
      </div>
    </div>
  );
}

function Writing({ code, text, set }: { code: string; text: string; set: (text: string) => void }): JSX.Element {
  // The lines of a travel paper have one reason, which stands above them.
  const why = code.startsWith("papers-") ? "why-papers" : `why-${code}`;
  return (
    <>
      <label class="field">
        {t(`field-${code}`)}
        <textarea
          class="line"
          rows={2}
          dir="auto"
          // What a keyboard learns stays on the phone.
          autocomplete="off"
          spellcheck={false}
          aria-describedby={why}
          value={text}
          data-testid={`field-${code}`}
          onInput={(event) => {
            set(event.currentTarget.value);
          }}
        />
      </label>
      {why !== "why-papers" && (
        <p class="soft small" id={why}>
          {t(why)}
        </p>
      )}
      {isTooLong(text) && (
        <Say tone="bad" icon="stop" live>
          {t("casefile-too-long")}
        </Say>
      )}
    </>
  );
}
