/** What needs cryptography: the letter, the person's first decisions, the PIN. Loaded after the first screen (chunks.ts). */
export { introduce, readLetter, readWords } from "./enrol.ts";
export { unlock } from "./opening.ts";
export { Introduction } from "./screens/introduction.tsx";
