import { type Bytes, concat, uint } from "../../../src/protocol/bytes.ts";
import { type DeviceRecord, deviceRecord } from "../../../src/protocol/device.ts";
import { digest, fromBase64Url, toBase64Url } from "../../../src/protocol/encoding.ts";
import { encodeLetter, enrolMac, slipRecord, slipTag } from "../../../src/protocol/letter.ts";
import { wordsOf } from "../../../src/protocol/words.ts";
import * as o from "../office.ts";
import { Topic, flip } from "./topic.ts";

const secret = o.named("secret", 16);
const letter = { secret, office: o.office, minVersion: 1, minHash: o.followed.pin.hash };
const text = encodeLetter(letter);
const spelt = (bytes: Bytes) => `QASID1.${toBase64Url(bytes)}`;

function texts(topic: Topic): void {
  const bytes = fromBase64Url(text.slice(7));
  const plain = bytes.slice(0, -4);
  const rechecked = (body: Bytes) => spelt(concat(body, digest("letter check", body).slice(0, 4)));
  const big = plain.slice();
  big.set(Uint8Array.of(0, 32, 0, 0, 0, 0, 0, 0), 49);
  const bad: Record<string, string> = {
    empty: "",
    "prefix alone": "QASID1.",
    "prefix in small letters": text.replace("QASID1", "qasid1"),
    "another prefix": text.replace("QASID1", "QASID2"),
    "a letter changed": spelt(flip(bytes, 20)),
    "the check changed": spelt(flip(bytes, -1)),
    "version 2, check right": rechecked(flip(plain, 0, 3)),
    "roster version 2^53, check right": rechecked(big),
    "a byte more, check right": rechecked(concat(plain, uint(0, 1))),
    "a byte less, check right": rechecked(plain.slice(0, -1)),
    "a character less": text.slice(0, -1),
    padded: `${text}=`,
    "white space after it": `${text}\n`,
    "white space within": `${text.slice(0, 40)} ${text.slice(40)}`,
    "the other base64": text.replace(/[-_]/, "+"),
  };
  topic.add("letter: good", "letter", { text });
  for (const [name, value] of Object.entries(bad)) topic.add(`letter: ${name}`, "letter", { text: value }, "malformed");
}

function words(topic: Topic): void {
  const good = wordsOf(secret);
  const list = good.split(" ");
  topic.add("words: of a secret", "secret", { secret });
  topic.add("words: good", "words", { words: good });
  topic.add("words: in capitals", "words", { words: good.toUpperCase() });
  topic.add("words: four letters each, loosely set", "words", { words: `\n ${list.map((w) => w.slice(0, 4)).join("\t ")} ` });
  const bad: Record<string, string> = {
    none: "",
    eleven: list.slice(1).join(" "),
    thirteen: `${good} abandon`,
    "the check wrong": [...list.slice(0, 11), list[11] === "zoo" ? "zone" : "zoo"].join(" "),
    "two exchanged": [list[1], list[0], ...list.slice(2)].join(" "),
    "three letters of a word": [...list.slice(0, 11), "aba"].join(" "),
    "a word of no list": ["qasid", ...list.slice(1)].join(" "),
    "a word with something behind": [`${list[0] ?? ""}x`, ...list.slice(1)].join(" "),
    "letters of another script": ["ａｂａｎｄｏｎ", ...list.slice(1)].join(" "),
    "joined by commas": list.join(","),
  };
  for (const [name, value] of Object.entries(bad)) topic.add(`words: ${name}`, "words", { words: value }, "malformed");
}

function slips(topic: Topic): void {
  const value = { office: o.office, minVersion: 1, minHash: o.followed.pin.hash, contact: o.phone.record.owner };
  const slip = slipRecord.encode(value);
  const tag = slipTag(secret, slip);
  const changed = (changes: Partial<typeof value>) => slipRecord.encode({ ...value, ...changes });
  const other = o.named("another secret", 16);
  const swap = (bytes: Bytes) => ({ slip: bytes, tag: slipTag(secret, bytes) });
  const byWords = { letter: "", secret, slip, tag };
  topic.family("slip by words", "slip", byWords, [
    ["the tag flipped", "refused", { tag: flip(tag, 0) }],
    ["the tag cut", "refused", { tag: tag.slice(1) }],
    ["another secret", "refused", { secret: other }],
    ["the contact changed", "refused", { slip: changed({ contact: o.stranger.record.owner }) }],
    ["a byte more, tagged", "malformed", swap(concat(slip, uint(0, 1)))],
    ["cut, tagged", "malformed", swap(slip.slice(0, -1))],
  ]);
  topic.add("slip by words: another contact, tagged", "slip", { ...byWords, ...swap(changed({ contact: o.named("c", 16) })) });
  topic.family("slip by letter", "slip", { letter: text, secret: "", slip, tag }, [
    ["another office, tagged", "refused", swap(changed({ office: o.named("x") }))],
    ["another version, tagged", "refused", swap(changed({ minVersion: 2 }))],
    ["another hash, tagged", "refused", swap(changed({ minHash: o.named("x") }))],
    ["tagged by another", "refused", { tag: slipTag(other, slip) }],
    ["a damaged letter", "malformed", { letter: text.slice(0, -1) }],
  ]);
}

function enrolments(topic: Topic): void {
  const { record } = o.phone;
  const terms = { rosterVersion: 1, contact: record.owner, device: record };
  const device = (changes: Partial<DeviceRecord>) => ({ device: deviceRecord.encode({ ...record, ...changes }) });
  const given = {
    secret,
    mac: enrolMac(secret, terms),
    office: o.office,
    roster_version: 1,
    contact: record.owner,
    device: deviceRecord.encode(record),
  };
  topic.family("enrolment", "enrol", given, [
    ["the MAC flipped", "refused", { mac: flip(given.mac, 5) }],
    ["another secret", "refused", { secret: o.named("another secret", 16) }],
    ["another office", "refused", { office: o.named("x") }],
    ["another roster version", "refused", { roster_version: 2 }],
    ["another contact", "refused", { contact: o.stranger.record.owner }],
    ["another signing key", "refused", device({ signPk: o.otherPhone.record.signPk })],
    ["another DH key", "refused", device({ dhPk: o.otherPhone.record.dhPk })],
    ["another device id", "refused", device({ device: o.named("x", 16) })],
    ["a device record cut", "malformed", { device: given.device.slice(0, -1) }],
  ]);
  topic.add("comparison number", "number", { device: given.device });
  topic.add("comparison number of another key", "number", device({ dhPk: o.otherPhone.record.dhPk }));
  topic.add("comparison number of no device", "number", { device: given.device.slice(4) }, "malformed");
}

export function letters(): Topic {
  const topic = new Topic("letters");
  texts(topic);
  words(topic);
  slips(topic);
  enrolments(topic);
  return topic;
}
