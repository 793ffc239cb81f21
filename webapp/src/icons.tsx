/** Icons as shapes of our own: emoji fonts are missing on many phones. All are drawn on a 24 × 24 grid. */
import type { JSX } from "preact";
import type { InsideShape } from "./shapes.ts";

const SHAPES = {
  safe: "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM8.5 12l2.5 2.5 4.5-5",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16.5v.2",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3M12 14.5v2",
  back: "M15 5l-7 7 7 7",
  question: "M12 3a9 9 0 100 18 9 9 0 000-18zM9.5 9.5a2.5 2.5 0 115 0c0 2-2.5 2-2.5 4M12 16.8v.2",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM13 8h3v3h-3zM8 13h3v3H8zM14 14h2v2h-2z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9a.5.5 0 100 .1",
  words: "M4 7h16M4 12h16M4 17h9",
  language: "M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
  text: "M6 3h9l4 4v14H6zM14 3v5h5M9 12h6M9 16h6",
  message: "M4 5h16a1 1 0 011 1v10a1 1 0 01-1 1h-9l-5 4v-4H4a1 1 0 01-1-1V6a1 1 0 011-1z",
  erase: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  office: "M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6",
  number: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  wait: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
};

/** The last three come with attach.tsx and prompt.tsx. */
export type IconName = keyof typeof SHAPES | InsideShape | "voice" | "camera" | "speak";

const shapes: Partial<Record<IconName, string>> = SHAPES;

/** Brings shapes that only a later part needs. */
export function learn(more: Partial<Record<IconName, string>>): void {
  Object.assign(shapes, more);
}

/** Always beside words, so hidden from screen readers. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name] ?? ""} />
    </svg>
  );
}
