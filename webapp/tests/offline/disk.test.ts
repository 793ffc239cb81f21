import { beforeEach, describe, expect, test, vi } from "vitest";
import type * as offline from "../../src/offline/disk.ts";

let disk: typeof offline;

beforeEach(async () => {
  vi.resetModules();
  disk = await import("../../src/offline/disk.ts");
  return () => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  };
});

/** A database whose requests all end so. */
function opening(end: (request: Record<string, (() => void) | undefined>) => void): void {
  const open = (): unknown => {
    const request = {};
    queueMicrotask(() => {
      end(request);
    });
    return request;
  };
  vi.stubGlobal("indexedDB", { open });
}

async function works(): Promise<void> {
  await disk.change([["language", "en"]]);
  expect([disk.lasting.value, disk.changes.value]).toEqual([false, 0]);
  await disk.change([["safe/self", 1], ["safe/queue", 2]]);
  await disk.change([["safe/self", 3]], ["safe/queue"]);
  expect([await disk.read("safe/self"), await disk.read("safe/queue"), await disk.read("language")]).toEqual([3, undefined, "en"]);
  expect([await disk.names(), disk.changes.value]).toEqual([["language", "safe/self"], 2]);
  await disk.destroy();
  expect(await disk.names()).toEqual([]);
}

describe("storage of a page from a file", () => {
  test("without IndexedDB this window's memory stands in", works);

  test("a browser that refuses it to files is no fault", async () => {
    const open = (): never => {
      throw new DOMException("denied", "SecurityError");
    };
    vi.stubGlobal("indexedDB", { open });
    await works();
  });

  test("nor is one whose database fails", async () => {
    opening(({ onerror }) => onerror?.());
    await works();
  });

  test("one that never answers is not waited for", async () => {
    vi.useFakeTimers();
    opening(() => undefined);
    const done = works();
    await vi.advanceTimersByTimeAsync(3000);
    await done;
  });
});
