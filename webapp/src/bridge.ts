/**
 * A small bridge to the Telegram client around this page, so that no script is loaded from elsewhere.
 *
 * The client passes its parameters in the URL fragment, takes events by one of three ways and answers through
 * `Telegram.WebView.receiveEvent`. Everything works, with less comfort, without any of it.
 */

type Listener = (data: Record<string, unknown>) => void;

interface Host {
  TelegramWebviewProxy?: { postEvent(type: string, data: string): void };
  external?: { notify?: (message: string) => void };
  Telegram?: { WebView: { receiveEvent(type: string, data: unknown): void } };
}

const host = window as unknown as Host;
const listeners = new Map<string, Set<Listener>>();

function launch(): URLSearchParams {
  const fragment = window.location.hash.replace(/^#/, "");
  return new URLSearchParams(fragment.includes("?") ? fragment.slice(fragment.indexOf("?") + 1) : fragment);
}

const parameters = launch();

/** The signed statement of who opened the app; empty outside Telegram. The relay checks it, this page cannot. */
export const initData = parameters.get("tgWebAppData") ?? "";
export const startParam =
  parameters.get("tgWebAppStartParam") ?? new URLSearchParams(initData).get("start_param") ?? "";
const version = (parameters.get("tgWebAppVersion") ?? "0.0").split(".").map(Number);

/** True when the client says it speaks at least this Bot API version of the Mini App interface. */
export function speaks(major: number, minor: number): boolean {
  const [a = 0, b = 0] = version;
  return a > major || (a === major && b >= minor);
}

export function post(type: string, data: Record<string, unknown> = {}): boolean {
  if (host.TelegramWebviewProxy) {
    host.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
    return true;
  }
  const message = JSON.stringify({ eventType: type, eventData: data });
  if (typeof host.external?.notify === "function") {
    host.external.notify(message);
    return true;
  }
  if (window.parent !== window) {
    // The web client's origin is not known beforehand, and nothing private is ever posted.
    window.parent.postMessage(message, "*");
    return true;
  }
  return false;
}

/** Calls `listener` at each event of this type; returns how to stop. */
export function on(type: string, listener: Listener): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set.add(listener));
  return () => set.delete(listener);
}

function receive(type: string, data: unknown): void {
  const payload = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  for (const listener of listeners.get(type) ?? []) listener(payload);
}

export interface Theme {
  dark: boolean;
}

function isDark(colour: string | undefined): boolean | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? "");
  if (!match) return undefined;
  const [r = 0, g = 0, b = 0] = match.slice(1).map((part) => parseInt(part, 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

function themed(raw: unknown): boolean | undefined {
  const colours = typeof raw === "object" && raw !== null ? (raw as Record<string, string>) : {};
  return isDark(colours["bg_color"]);
}

function initialTheme(): boolean | undefined {
  try {
    return themed(JSON.parse(parameters.get("tgWebAppThemeParams") ?? "{}"));
  } catch {
    return undefined;
  }
}

/** Sets light or dark on the page and keeps it in step with the client; colours stay ours, they have the contrast. */
export function followTheme(): void {
  const preference = window.matchMedia("(prefers-color-scheme: dark)");
  let told = initialTheme();
  const apply = (): void => {
    const dark = told ?? preference.matches;
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
    post("web_app_set_background_color", { color: colour });
    if (speaks(6, 9)) post("web_app_set_header_color", { color: colour });
  };
  preference.addEventListener("change", apply);
  on("theme_changed", (data) => {
    told = themed(data["theme_params"]) ?? told;
    apply();
  });
  apply();
}

/** Joins the client: events come in, and it is told that the page is ready. */
export function start(): void {
  host.Telegram = { WebView: { receiveEvent: receive } };
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || window.parent === window || typeof event.data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(event.data) as { eventType?: unknown; eventData?: unknown };
      if (typeof eventType === "string") receive(eventType, eventData);
    } catch {
      // Other scripts of the parent page post here too.
    }
  });
  post("iframe_ready");
  post("web_app_ready");
  post("web_app_expand");
}

/** Shows or hides the client's own back button. */
export function backButton(visible: boolean): void {
  post("web_app_setup_back_button", { is_visible: visible });
}

export function close(): void {
  post("web_app_close");
}

/** True inside a client with its own QR scanner (the web clients have none). */
export const hasScanner = host.TelegramWebviewProxy !== undefined && speaks(6, 4);

/** Opens the client's scanner; resolves with the first text that `accept` takes, or null when it was closed. */
export function scan(text: string, accept: (found: string) => boolean): Promise<string | null> {
  return new Promise((resolve) => {
    const finish = (found: string | null): void => {
      stopFound();
      stopClosed();
      resolve(found);
    };
    const stopFound = on("qr_text_received", ({ data }) => {
      if (typeof data !== "string" || !accept(data)) return;
      post("web_app_close_scan_qr_popup");
      finish(data);
    });
    const stopClosed = on("scan_qr_popup_closed", () => {
      finish(null);
    });
    post("web_app_open_scan_qr_popup", { text });
  });
}
