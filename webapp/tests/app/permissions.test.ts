import { beforeEach, describe, expect, test, vi } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/protocol/encoding.ts";
import { deviceKeys } from "../../src/protocol/keys.ts";
import { OwnerKind } from "../../src/protocol/device.ts";
import { signedConsent, type Consent } from "../../src/protocol/statement.ts";
import type * as store from "../../src/state.ts";
import type { Parts, Permission } from "../../src/state.ts";
import { DAY, device, named, NOW, office } from "../protocol/office.ts";
import { fake, values } from "./disk.ts";

vi.mock("idb-keyval", () => fake);

const me = device(OwnerKind.contact, "a contact", "their phone");
const [here, there] = [toBase64Url(named("other office")), toBase64Url(named("yet another"))];
const family: Permission = `sharing ${here} family`;

/** What the relay was handed, and whether it refuses. */
let handed: Consent[];
let refusing: boolean;
let state: typeof store;

/** What is done on a phone that an older app set up, with both purposes given: no part of it knows of a case file. */
async function phone() {
  const { Safe } = await import("../../src/safe.ts");
  const given = { consents: { messages: true, departures: true }, paused: false };
  const parts: Partial<Parts> = {
    self: { keys: deviceKeys.encode(me), prekeys: [], state: "enrolled", bot: "" },
    office: { pin: { office, version: 1, hash: named("head") }, former: [], floor: 0 },
    ledger: { ...state.emptyLedger, statements: { "consent messages": 1, "consent departures": 1 } },
    messages: [],
    notices: [],
    settings: given,
    queue: [],
  };
  await new Safe(new Uint8Array(32)).save(parts);
  await state.unseal(new Safe(new Uint8Array(32)));
  const { consent } = await import("../../src/acts.ts");
  const permissions = await import("../../src/permissions.ts");
  const sharing = await import("../../src/sharing.ts");
  return { consent, ...permissions, ...sharing };
}

const settled = () => vi.waitUntil(() => state.get("queue").length === 0);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
  vi.stubGlobal("window", { location: { hash: "" }, addEventListener: () => undefined });
  vi.stubGlobal("document", { hidden: false });
  values.clear();
  vi.resetModules();
  handed = [];
  refusing = false;
  vi.doMock("../../src/relay.ts", async () => {
    const { Answered } = await import("../../src/faults.ts");
    const call = (_method: string, _path: string, _sign: unknown, body: string): Promise<unknown> => {
      const { consent } = JSON.parse(body) as { consent: string };
      const wire = fromBase64Url(consent);
      if (wire.length > 64) handed.push(signedConsent.decode(wire).value);
      return refusing ? Promise.reject(new Answered(409, "refused", 0)) : Promise.resolve({ state: "given" });
    };
    return { call, syncTime: () => Promise.resolve() };
  });
  state = await import("../../src/state.ts");
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

describe("permissions", () => {
  test("what an older app kept opens, and nothing else may be missing", async () => {
    const { stands, permissions } = await phone();
    expect(state.get("about")).toEqual({ others: [], told: {} });
    expect(permissions().map((each) => [each, stands(each)])).toEqual([["messages", true], ["departures", true]]);
    values.delete("safe/queue");
    const { Safe } = await import("../../src/safe.ts");
    await expect(state.unseal(new Safe(new Uint8Array(32)))).rejects.toThrow("queue is missing");
  });

  test("a consent of an older form, which no relay takes, holds up nothing", async () => {
    const { consent } = await phone();
    refusing = true;
    const body = JSON.stringify({ consent: toBase64Url(named("a consent of two years ago")) });
    await state.commit({ queue: [{ kind: "post", id: "old", ref: "", path: "consents", body }] });
    await consent(family, true);
    await settled();
    expect(handed).toHaveLength(1);
  });

  test("each office and group is counted, taken and refused by itself", async () => {
    const { consent, stands } = await phone();
    await consent(family, true);
    await consent(`sharing ${there} family`, true);
    await settled();
    const [first] = handed;
    expect(first).toMatchObject({ purpose: "sharing", recipient: named("other office"), fields: "family", given: true });
    refusing = true;
    await consent(family, false);
    expect(stands(family)).toBe(false);
    await settled();
    expect(stands(family)).toBe(true);
    await consent(`sharing ${here} needs`, true);
    await settled();
    expect(stands(`sharing ${here} needs`)).toBe(false);
    refusing = false;
    await consent(family, false);
    await settled();
    expect([stands(family), stands(`sharing ${there} family`)]).toEqual([false, true]);
    expect(handed.map(({ counter }) => counter)).toEqual([1, 1, 2, 1, 3]);
    expect(state.get("ledger").statements).toMatchObject({ "consent messages": 1, [`consent ${family}`]: 3 });
    expect(state.get("settings").withdrawnAt).toBeUndefined(); // no departure is void for it
    await consent("messages", false);
    await settled();
    expect(handed.at(-1)).toMatchObject({ purpose: "messages", recipient: office, fields: "all", counter: 2 });
    expect(state.get("settings").withdrawnAt).toBe(NOW);
  });

  test("a permission and its withdrawal that were both refused leave nothing given", async () => {
    const { consent, stands } = await phone();
    refusing = true;
    await Promise.all([consent(family, true), consent(family, false)]);
    await settled();
    expect(handed.map(({ given }) => given)).toEqual([true, false]);
    expect(stands(family)).toBe(false);
  });

  test("passing on ends after a year, is renewed in its last month and is not asked about after it", async () => {
    const { consent, stands, wantsRenewal } = await phone();
    await consent(family, true);
    const at = (days: number) => {
      vi.setSystemTime((NOW + days * DAY) * 1000);
      return [stands(family), wantsRenewal(family)];
    };
    expect([334, 336, 364, 365].map(at)).toEqual([[true, false], [true, true], [true, true], [false, false]]);
  });

  test("an ask opens what does not stand yet, by the newest name of the office", async () => {
    const { consent, asked, decide, otherOf } = await phone();
    const ask = async (name: string, ...groups: string[]) => {
      await state.commit({ about: asked(state.get("about"), { office: here, name, groups }) });
      return otherOf(state.get("about"), here);
    };
    expect(await ask("Ministry", "needs")).toEqual({ office: here, name: "Ministry", groups: ["needs"], open: ["needs"] });
    const both = await ask("The Ministry", "family");
    expect(both).toMatchObject({ name: "The Ministry", open: ["family", "needs"] });
    await consent(family, true); // in the settings, without deciding about the rest
    const left = otherOf(state.get("about"), here);
    expect(left).toMatchObject({ groups: ["family", "needs"], open: ["needs"] });
    if (left) await decide(left, new Set());
    expect(await ask("The Ministry", "family")).toMatchObject({ open: [] });
    expect(state.get("settings").consents).not.toHaveProperty(`sharing ${here} needs`);
    expect((await ask("The Ministry", "needs"))?.open).toEqual(["needs"]);
  });
});
