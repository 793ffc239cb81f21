/** The few things every screen is made of. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { digits } from "./digits.ts";
import { Answered, LetterError, Offline, Stopped } from "./faults.ts";
import { Icon, type IconName } from "./icons.tsx";
import { choosing, language, t, type Language } from "./strings.ts";

export function lang(): Language {
  return language.value ?? "en";
}

export function write(value: string | number): string {
  return digits(value, lang());
}

interface ScreenProps {
  id: string;
  title: string;
  back?: (() => void) | undefined;
  tools?: ComponentChildren;
  children: ComponentChildren;
}

/** A whole screen. Its title takes the focus, so that a screen reader says where one is. */
export function Screen({ id, title, back, tools, children }: ScreenProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
    document.title = title;
  }, [id, title]);
  return (
    <main data-testid={`screen-${id}`}>
      <header>
        {back && (
          <button class="round turns" onClick={back} aria-label={t("back")} data-testid="back">
            <Icon name="back" />
          </button>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {tools}
      </header>
      {children}
    </main>
  );
}

/** For whoever chose a language they cannot read: its name stands in each. */
export function LanguageTool(): JSX.Element {
  return (
    <button
      class="round"
      aria-label="Language · زبان · ژبه"
      data-testid="languages"
      onClick={() => {
        choosing.value = true;
      }}
    >
      <Icon name="language" />
    </button>
  );
}

interface SayProps {
  tone?: "warn" | "good" | "bad" | undefined;
  icon: IconName;
  title?: string | undefined;
  big?: boolean;
  live?: boolean;
  testid?: string;
  children?: ComponentChildren;
}

/** Something said plainly, with its weight: colour, icon and words together. */
export function Say({ tone, icon, title, big, live, testid, children }: SayProps): JSX.Element {
  return (
    <div
      class={`say ${tone ?? ""} ${big ? "big" : ""}`}
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
      data-testid={testid}
    >
      <Icon name={icon} size={big ? 30 : 24} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}

export function Spinner({ text }: { text: string }): JSX.Element {
  return (
    <div class="stack centre" role="status">
      <div class="spin" />
      <p class="soft">{text}</p>
    </div>
  );
}

const RETRY = 3000;

interface LoadingProps {
  /** Brings what is to be seen here; throws Offline. */
  load: () => Promise<unknown>;
  title: string;
  /** Said when it cannot be had. */
  missing: string;
  back?: () => void;
}

/** In the place of a screen that is on its way: a network that came and went is asked again. */
export function Loading({ load, title, missing, back }: LoadingProps): JSX.Element {
  const failed = useSignal(false);
  useEffect(() => {
    const again = (): void => {
      load().catch(() => (failed.value = true));
    };
    again();
    const timer = setInterval(again, RETRY);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <Screen id="loading" title={title} back={back}>
      <Spinner text={failed.value ? missing : t("working")} />
    </Screen>
  );
}

interface SwitchProps {
  on: boolean;
  title: string;
  text: string;
  reader?: string;
  testid: string;
  onChange: (on: boolean) => void;
}

export function Switch({ on, title, text, reader, testid, onChange }: SwitchProps): JSX.Element {
  return (
    <button
      class="switch"
      role="switch"
      aria-checked={on}
      data-testid={testid}
      onClick={() => {
        onChange(!on);
      }}
    >
      <div class="knob" />
      <span>
        <strong>{title}</strong>
        {text}
        {reader && <small>{reader}</small>}
      </span>
    </button>
  );
}

/** The comparison number in groups, the first where the language begins to read. */
export function Numbers({ groups }: { groups: readonly string[] }): JSX.Element {
  return (
    <div class="number" role="group" aria-label={t("number-label")} data-testid="number">
      {groups.map((group) => (
        <span>{write(group)}</span>
      ))}
    </div>
  );
}

/** What to tell a person about a failed request. */
export function faultOf(error: unknown): string {
  if (error instanceof LetterError) return t(error.fault);
  if (error instanceof Stopped) return t("letter-mismatch");
  if (error instanceof Offline) return t("error-offline");
  if (error instanceof Answered) return t(error.status === 429 ? "error-busy" : "error-server");
  throw error;
}

const HOLD = 3000;

/** A button that acts only when held for three seconds: by finger, mouse or key. */
export function Hold({ label, holding, testid, act }: {
  label: string;
  holding: string;
  testid: string;
  act: () => void;
}): JSX.Element {
  const held = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = (): void => {
    if (held.value) return;
    held.value = true;
    timer.current = setTimeout(act, HOLD);
  };
  const stop = (): void => {
    held.value = false;
    clearTimeout(timer.current);
  };
  useEffect(() => stop, []);
  return (
    <button
      class={`danger hold ${held.value ? "held" : ""}`}
      data-testid={testid}
      onPointerDown={start}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onKeyDown={(event) => {
        if (event.key === " " || event.key === "Enter") start();
      }}
      onKeyUp={stop}
      onBlur={stop}
    >
      <Icon name="erase" />
      <span>{held.value ? holding : label}</span>
    </button>
  );
}
