import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as sending from "../../src/attachments.ts";
import type * as faulty from "../../src/faults.ts";
import type * as wrong from "../../src/protocol/errors.ts";
import type * as network from "../../src/relay.ts";
import type * as store from "../../src/state.ts";
import type { Errand, Parts } from "../../src/state.ts";
import { Media } from "../../src/protocol/attachment.ts";
import type { Bytes } from "../../src/protocol/bytes.ts";
import { attachmentHash, openChunks } from "../../src/protocol/chunk.ts";
import { innerRecord, Kind } from "../../src/protocol/content.ts";
import { OwnerKind } from "../../src/protocol/device.ts";
import { fromBase64Url, newId, random } from "../../src/protocol/encoding.ts";
import { deviceKeys, newDevice } from "../../src/protocol/keys.ts";
import { fit, UnfitFile } from "../../src/photograph.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);
vi.stubGlobal("window", { location: { href: "https://relay.example/app/" } });
vi.stubGlobal("document", { hidden: true, documentElement: { dataset: {} } });

const office = random(32);
const keys = newDevice(office, OwnerKind.contact, newId());
const data = random(40_000); // 3 chunks
const medium = { media: Media.jpeg, seconds: 0, width: 640, height: 480, data };

let attachments: typeof sending;
let faults: typeof faulty;
let errors: typeof wrong;
let relay: typeof network;
let state: typeof store;
/** What the relay holds, by chunk, and what it was asked. */
let held: Map<number, Bytes>;
let asked: string[];
/** How many more requests get through. */
let line: number;

function answer(method: string, path: string, body: unknown): unknown {
  asked.push(`${method} ${path.replace(/attachments\/[^/?]*/, "").replace(/\?.*/, "")}`);
  if (line-- <= 0) throw new faults.Offline();
  if (method === "PUT") held.set(Number(/\/(\d+)\?/.exec(path)?.[1]), body as Bytes);
  return { have: [...held.keys()].sort() };
}

beforeEach(async () => {
  values.clear();
  vi.resetModules();
  held = new Map();
  [asked, line] = [[], Infinity];
  errors = await import("../../src/protocol/errors.ts");
  faults = await import("../../src/faults.ts");
  relay = await import("../../src/relay.ts");
  state = await import("../../src/state.ts");
  attachments = await import("../../src/attachments.ts");
  const { Safe } = await import("../../src/safe.ts");
  const parts: Parts = {
    self: { keys: deviceKeys.encode(keys), prekeys: [], state: "enrolled", bot: "" },
    office: { pin: { office, version: 1, hash: random(32) }, former: [], floor: 0 },
    ledger: state.emptyLedger,
    messages: [],
    notices: [],
    settings: { consents: { messages: true, departures: true }, paused: false },
    about: state.emptyAbout,
    queue: [],
  };
  await state.unseal(new Safe(random(32)), parts);
  vi.spyOn(relay, "call").mockImplementation((method, path, _sign, body) =>
    Promise.resolve().then(() => answer(method, path, body)),
  );
});

const next = (): Extract<Errand, { kind: "attachment" }> => {
  const [errand] = state.get("queue");
  if (errand?.kind !== "attachment") throw new Error("no attachment is on its way");
  return errand;
};

describe("sending", () => {
  test("one chunk at a time, then the message that names them", async () => {
    await attachments.attach(medium, "papers");
    const errand = next();
    for (let turn = 0; turn < 4; turn++) await attachments.handOn(next());
    expect(asked).toEqual(["GET ", "PUT /0", "PUT /1", "PUT /2"]);
    const [message, ...none] = state.get("queue");
    expect(none).toEqual([]);
    if (message?.kind !== "message") throw new Error("no message follows");
    expect(message.ref).toBe(errand.ref);
    const { payload, counter } = innerRecord.decode(message.inner);
    if (payload.kind !== Kind.attachment) throw new Error("it names no attachment");
    expect([payload.caption, counter]).toEqual(["papers", 1]);
    expect(openChunks(payload, office, [0, 1, 2].map((n) => held.get(n) ?? data))).toEqual(data);
    // So that the office's receipt finds it.
    expect(state.get("messages")[0]?.hash).not.toBe("");
  });

  test("after a fault the relay is asked, and gets what it lacks", async () => {
    await attachments.attach(medium, "");
    line = 2;
    await attachments.handOn(next());
    await attachments.handOn(next());
    await expect(attachments.handOn(next())).rejects.toThrow(faults.Offline);
    const { expires } = next();
    [asked, line] = [[], Infinity];
    held.set(2, held.get(0) ?? data);
    for (let turn = 0; turn < 2; turn++) await attachments.handOn(next());
    expect(asked).toEqual(["GET ", "PUT /1"]);
    expect(state.get("queue")).toHaveLength(1);
    expect(expires).toBeGreaterThan(0);
  });

  test("what the relay has no room for fails with its word, and may be sent as a new one", async () => {
    await attachments.attach(medium, "");
    const [first] = state.get("messages");
    const full = vi.spyOn(relay, "call").mockRejectedValueOnce(new faults.Answered(429, "attachment_quota", 0));
    await attachments.handOn(next());
    full.mockClear();
    expect(state.get("queue")).toEqual([]);
    const [failed] = state.get("messages");
    expect(failed).toMatchObject({ state: "failed", code: "attachment_quota" });
    await attachments.again(failed as sending.Attached);
    const [anew, ...none] = state.get("messages");
    expect(none).toEqual([]);
    expect(anew?.id).not.toBe(first?.id);
    expect(anew?.attachment?.attachment).not.toEqual(first?.attachment?.attachment);
    expect(anew?.attachment?.hash).toEqual(attachmentHash(data));
  });

  test("given up, it leaves the disk, and the relay is told", async () => {
    await attachments.attach(medium, "");
    expect([...values.keys()].filter((name) => name.includes("attachment/"))).toHaveLength(3);
    await attachments.giveUp(state.get("messages")[0] as sending.Attached);
    expect([...values.keys()].filter((name) => name.includes("attachment/"))).toEqual([]);
    const [errand] = state.get("queue");
    expect(errand?.kind === "post" && errand.path).toMatch(/^attachments\/.*\/taken$/);
    expect(state.get("messages")).toEqual([]);
  });

  test("its chunks go with its message", async () => {
    await attachments.attach(medium, "");
    const { forget } = await import("../../src/retention.ts");
    await forget();
    expect([...values.keys()].filter((name) => name.includes("attachment/"))).toHaveLength(3);
    await state.commit({ messages: [] });
    await forget();
    expect([...values.keys()].filter((name) => name.includes("attachment/"))).toEqual([]);
  });
});

describe("fetching", () => {
  /** The office's message with an attachment whose chunks the relay gives out. */
  async function theirs(): Promise<sending.Attached> {
    await attachments.attach(medium, "");
    for (let turn = 0; turn < 4; turn++) await attachments.handOn(next());
    const [message] = state.get("messages");
    const received = { ...message, id: "theirs", mine: false } as sending.Attached;
    await state.commit({ messages: [received], queue: [] });
    vi.spyOn(relay, "fetchBytes").mockImplementation((_method, _path, _sign, body) =>
      Promise.resolve().then(() => {
        const { n } = JSON.parse(String(body)) as { n: number };
        asked.push(`chunk ${n}`);
        if (line-- <= 0) throw new faults.Offline();
        return held.get(n) ?? data;
      }),
    );
    asked = [];
    return received;
  }

  test("from where it broke, and told to the relay once", async () => {
    const message = await theirs();
    line = 2;
    await expect(attachments.bring(message)).rejects.toThrow(faults.Offline);
    line = Infinity;
    const blob = await attachments.bring(message);
    expect(blob.type).toBe("image/jpeg");
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(data);
    await attachments.bring(message);
    expect(asked).toEqual(["chunk 0", "chunk 1", "chunk 2", "chunk 2"]);
    expect(state.get("queue").map((errand) => errand.kind === "post" && errand.path.endsWith("/taken"))).toEqual([true]);
  });

  test("a chunk in another's place is neither kept nor shown", async () => {
    const message = await theirs();
    held.set(1, held.get(2) ?? data);
    await expect(attachments.bring(message)).rejects.toThrow(errors.Refused);
    expect([...values.keys()].filter((name) => name.includes("theirs"))).toHaveLength(1);
    // A page of somebody in between is no chunk at all.
    held.set(1, fromBase64Url("PGh0bWw-"));
    await expect(attachments.bring(message)).rejects.toThrow(faults.Offline);
    expect(state.get("queue")).toEqual([]);
  });
});

describe("a photograph's size", () => {
  const coder = (worth: number) => (scale: number, quality: number) =>
    Promise.resolve({ scale, quality, data: new Uint8Array(Math.ceil(worth * scale * scale * quality)) });

  test.each([
    [100, 1, 0.92],
    [1500, 1, 0.6],
    [4000, 0.75, 0.4],
    [40_000, 0.237, 0.4],
  ])("worth %d of 1,000 bytes", async (worth, scale, quality) => {
    const found = await fit(1000, coder(worth));
    expect(found.data.length).toBeLessThanOrEqual(1000);
    expect(found.scale).toBeCloseTo(scale, 2);
    expect(found.quality).toBeGreaterThanOrEqual(quality);
  });

  test("what cannot be made small enough is refused", async () => {
    await expect(fit(1000, coder(1e9))).rejects.toThrow(UnfitFile);
  });
});
