/**
 * Keys in the phone's own keystore, one for each safe, where Telegram's SecureStorage really works.
 *
 * Some clients announce it and answer UNSUPPORTED to every call, or never answer: so what is written is read back,
 * each call has a time limit, and whoever calls goes on without it. It takes ten: so does whoever comes after that.
 */
import { on, post, speaks } from "./bridge.ts";

/** The officers' page shares the keystore with the app. */
const OURS = import.meta.env.MODE === "officer" ? "officer-" : "";
const PATIENCE = 1500;
let requests = 0;

function ask(type: string, data: Record<string, unknown>): Promise<Record<string, unknown> | null> {
  if (!speaks(9, 0)) return Promise.resolve(null);
  requests += 1;
  const request = `qasid-${requests}`;
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const finish = (answer: Record<string, unknown> | null): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      finish(null);
    }, PATIENCE);
    const answers = ["secure_storage_key_saved", "secure_storage_key_received", "secure_storage_failed"];
    for (const answer of [...answers, "secure_storage_cleared"]) {
      stops.push(
        on(answer, (reply) => {
          if (reply["req_id"] === request) finish(answer === "secure_storage_failed" ? null : reply);
        }),
      );
    }
    if (!post(type, { req_id: request, ...data })) finish(null);
  });
}

/** The value kept under this name, or null when there is none or no keystore. */
export async function recall(key: string): Promise<string | null> {
  const value = (await ask("web_app_secure_storage_get_key", { key: OURS + key }))?.["value"];
  return typeof value === "string" ? value : null;
}

/** Keeps the value; true only when reading it back gave the same. */
export async function keep(key: string, value: string): Promise<boolean> {
  await ask("web_app_secure_storage_save_key", { key: OURS + key, value });
  return (await recall(key)) === value;
}

/** Forgets the value, as saving nothing does; without a name everything, what an interrupted setting-up left included. */
export async function forget(key?: string): Promise<void> {
  await (key ? ask("web_app_secure_storage_save_key", { key: OURS + key, value: null }) : ask("web_app_secure_storage_clear", {}));
}
