import { sha512 } from "@noble/hashes/sha2.js";
import { fromUint } from "./bytes.ts";
import { type DeviceRecord, deviceRecord } from "./device.ts";
import { labelled } from "./encoding.ts";
import { rec } from "./record.ts";

/** Twelve groups of five digits, read aloud to compare a contact's device. */
export function comparisonNumber(device: DeviceRecord): readonly string[] {
  const bytes = sha512(labelled("number", rec(device.office, deviceRecord.encode(device))));
  return Array.from({ length: 12 }, (_, group) => {
    const value = fromUint(bytes.slice(5 * group, 5 * group + 5));
    return String(value % 100_000).padStart(5, "0");
  });
}
