import { writeFileSync } from "node:fs";
import { additions } from "./additions.ts";
import { attachments } from "./attachments.ts";
import { envelopes } from "./envelopes.ts";
import { letters } from "./letters.ts";
import { messages } from "./messages.ts";
import { notices } from "./notices.ts";
import { rosters } from "./rosters.ts";
import { statements } from "./statements.ts";

/** Every topic, made anew; always the same bytes. */
export const topics = () => [
  additions(),
  attachments(),
  envelopes(),
  letters(),
  messages(),
  notices(),
  rosters(),
  statements(),
];

// `npm run vectors` writes tests/vectors/ts-*.json anew.
if (process.argv[1] === import.meta.filename) {
  for (const topic of topics()) {
    writeFileSync(new URL(`../../../../tests/vectors/${topic.file}`, import.meta.url), topic.text);
    const failing = topic.cases.filter((one) => one.fails !== null).length;
    console.log(`${topic.file}: ${topic.cases.length} cases, ${failing} of them failing`);
  }
}
