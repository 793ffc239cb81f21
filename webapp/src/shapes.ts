/** Shapes of the icons behind the lock, loaded with its screens. */
export const INSIDE = {
  help: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v6M12 16.5v.5",
  moving: "M13 4.5a1 1 0 100 .1M9 20l2.5-6L9 11l1-4.5 4 1 1.5 3 3 1M11.5 14l3 2 1 4M6 12l3-5",
  ready: "M9 7V5a1 1 0 011-1h4a1 1 0 011 1v2M5 7h14a1 1 0 011 1v10a1 1 0 01-1 1H5a1 1 0 01-1-1V8a1 1 0 011-1zM8.5 13l2.5 2.5 4.5-5",
  cannot: "M12 3a9 9 0 100 18 9 9 0 000-18zM5.8 5.8l12.4 12.4",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5",
  refresh: "M20 12a8 8 0 11-2.5-5.8M20 4v4.5h-4.5",
  calendar: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  place: "M12 21s7-6 7-11a7 7 0 10-14 0c0 5 7 11 7 11zM12 8a2 2 0 100 4 2 2 0 000-4z",
  bag: "M5 8h14l-1 12H6zM9 8V6a3 3 0 016 0v2",
  leave: "M5 8h14l-1 12H6zM9 8V6a3 3 0 016 0v2M9 12l6 5M15 12l-6 5",
  document: "M4 6h16v13H4zM8 11a1.5 1.5 0 100 .1M7 15.5h3M13 10.5h4M13 14.5h4",
  people: "M9 11a3 3 0 100-6 3 3 0 000 6zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M16 5.5a3 3 0 010 5.5M17 14.3c2.4.6 4 2.8 4 5.7",
  route: "M6 19a2 2 0 100-4 2 2 0 000 4zM18 9a2 2 0 100-4 2 2 0 000 4zM8 17h7a3 3 0 000-6H9a3 3 0 010-6h7",
  check: "M5 12.5l4.5 4.5L19 7.5",
  opened: "M3 12.5l4 4 8-9M11 15l1.5 1.5 8-9",
};

export type InsideShape = keyof typeof INSIDE;
