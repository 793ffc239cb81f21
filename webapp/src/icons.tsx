/** Icons as shapes of our own: emoji fonts are missing on many phones. All are drawn on a 24 × 24 grid. */
import type { JSX } from "preact";

const SHAPES = {
  safe: "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM8.5 12l2.5 2.5 4.5-5",
  help: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v6M12 16.5v.5",
  moving: "M13 4.5a1 1 0 100 .1M9 20l2.5-6L9 11l1-4.5 4 1 1.5 3 3 1M11.5 14l3 2 1 4M6 12l3-5",
  ready: "M9 7V5a1 1 0 011-1h4a1 1 0 011 1v2M5 7h14a1 1 0 011 1v10a1 1 0 01-1 1H5a1 1 0 01-1-1V8a1 1 0 011-1zM8.5 13l2.5 2.5 4.5-5",
  cannot: "M12 3a9 9 0 100 18 9 9 0 000-18zM5.8 5.8l12.4 12.4",
  message: "M4 5h16a1 1 0 011 1v10a1 1 0 01-1 1h-9l-5 4v-4H4a1 1 0 01-1-1V6a1 1 0 011-1z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3M12 14.5v2",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5",
  question: "M12 3a9 9 0 100 18 9 9 0 000-18zM9.5 9.5a2.5 2.5 0 115 0c0 2-2.5 2-2.5 4M12 16.8v.2",
  back: "M15 5l-7 7 7 7",
  refresh: "M20 12a8 8 0 11-2.5-5.8M20 4v4.5h-4.5",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM13 8h3v3h-3zM8 13h3v3H8zM14 14h2v2h-2z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9a.5.5 0 100 .1",
  words: "M4 7h16M4 12h16M4 17h9",
  text: "M6 3h9l4 4v14H6zM14 3v5h5M9 12h6M9 16h6",
  calendar: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  place: "M12 21s7-6 7-11a7 7 0 10-14 0c0 5 7 11 7 11zM12 8a2 2 0 100 4 2 2 0 000-4z",
  bag: "M5 8h14l-1 12H6zM9 8V6a3 3 0 016 0v2",
  leave: "M5 8h14l-1 12H6zM9 8V6a3 3 0 016 0v2M9 12l6 5M15 12l-6 5",
  document: "M4 6h16v13H4zM8 11a1.5 1.5 0 100 .1M7 15.5h3M13 10.5h4M13 14.5h4",
  people: "M9 11a3 3 0 100-6 3 3 0 000 6zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 5.5a3 3 0 010 5.5M17 14.3c2.4.6 4 2.8 4 5.7",
  route: "M6 19a2 2 0 100-4 2 2 0 000 4zM18 9a2 2 0 100-4 2 2 0 000 4zM8 17h7a3 3 0 000-6H9a3 3 0 010-6h7",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v6M12 16.5v.2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  wait: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
  opened: "M3 12.5l4 4 8-9M11 15l1.5 1.5 8-9",
  erase: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  office: "M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6",
  number: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
} as const;

export type IconName = keyof typeof SHAPES;

/** Always beside words, so hidden from screen readers. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
