/** What the holder of the root is handed to add this device to the roster: `qasid-desk roster add`. */
import { concat } from "../protocol/bytes.ts";
import { deviceRecord, type DeviceRecord } from "../protocol/device.ts";
import { digest, toBase64Url } from "../protocol/encoding.ts";
import { rec } from "../protocol/record.ts";

/** Without a prekey: this device is sealed nothing, so the desk grants it none of the office's mail. */
export function requestText(record: DeviceRecord): string {
  const body = rec(deviceRecord.encode(record));
  return `QASID-DEVICE1.${toBase64Url(concat(body, digest("device request check", body).subarray(0, 4)))}`;
}
