// The client's side of a Mini App in an iframe: JSON strings {eventType, eventData} by postMessage, as Telegram's web
// clients speak it. Storage is answered UNSUPPORTED, as Telegram Desktop does; what has no effect here is let pass.

const NO_INSETS = { top: 0, bottom: 0, left: 0, right: 0 };
const at = (id) => document.getElementById(id);
let frame = null;
let phone = {};
let theme = {};
let confirmClosing = false;

/** Open a Mini App at its launch address; `actions` start(payload) and allow() are the person's. */
export function openApp(url, actions) {
  phone = actions;
  theme = JSON.parse(decodeURIComponent(/tgWebAppThemeParams=([^&]*)/.exec(url)[1]));
  confirmClosing = false;
  for (const id of ["back", "main"]) at(id).hidden = true;
  frame = document.createElement("iframe");
  frame.title = "Mini App";
  frame.allow = "camera; clipboard-write";
  frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads";
  frame.src = url;
  at("frame").replaceChildren(frame);
  at("app").hidden = false;
}

/** Close it; asks first where the app wanted that. */
export async function closeApp() {
  if (confirmClosing && (await ask("Changes you made may not be saved.", CLOSING)) !== "close") return;
  at("app").hidden = true;
  at("frame").replaceChildren();
  frame = null;
}

const CLOSING = [{ id: "", text: "Cancel" }, { id: "close", text: "Close anyway" }];

/** A dialog with buttons, and with a text field if `field` is set; resolves to the button's id, or the text. */
export function ask(question, choices, field = false) {
  const dialog = at("ask");
  if (dialog.open) dialog.close("");
  at("question").textContent = question;
  at("answer").hidden = !field;
  at("answer").value = "";
  at("choices").replaceChildren(...choices.map(({ id, text }) => {
    const button = document.createElement("button");
    button.value = id;
    button.textContent = text;
    return button;
  }));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const done = () => resolve(field ? dialog.returnValue && at("answer").value : dialog.returnValue);
    dialog.addEventListener("close", done, { once: true });
  });
}

function tell(eventType, eventData = {}) {
  frame?.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), new URL(frame.src).origin);
}

function viewport() {
  const { width, height } = at("frame").getBoundingClientRect();
  tell("viewport_changed", { width, height, is_expanded: true, is_state_stable: true });
}

function setUpMain({ is_visible, is_active, is_progress_visible, text, color, text_color }) {
  const main = at("main");
  main.hidden = !is_visible;
  main.disabled = is_active === false || is_progress_visible === true;
  main.textContent = text ?? main.textContent;
  Object.assign(main.style, { background: color ?? theme.button_color, color: text_color ?? theme.button_text_color });
}

async function scan({ text }) {
  const question = text ? `Scan: ${text}` : "Scan a QR code";
  const answer = await ask(`${question}\nPaste what the code says.`, [{ id: "", text: "Cancel" }, { id: "ok", text: "Scan" }], true);
  if (answer) tell("qr_text_received", { data: answer });
  else tell("scan_qr_popup_closed");
}

const TYPED = { ok: "OK", close: "Close", cancel: "Cancel" };
async function popup({ title, message, buttons = [] }) {
  const choices = buttons.map(({ id = "", type, text }) => ({ id, text: TYPED[type] ?? text }));
  const button_id = await ask([title, message].filter(Boolean).join("\n"), choices);
  tell("popup_closed", button_id ? { button_id } : {});
}

function openLink(url) {
  if (/^https?:/.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

function openTelegramLink(path) {
  const link = new URL(path, "https://t.me");
  if (!link.searchParams.has("start")) return openLink(link.href);
  phone.start(link.searchParams.get("start"));
  return closeApp();
}

const unsupported = (eventType) => ({ req_id }) => tell(eventType, { req_id, error: "UNSUPPORTED" });
const noSecureStorage = unsupported("secure_storage_failed");
const noDeviceStorage = unsupported("device_storage_failed");

const EVENTS = {
  web_app_ready: viewport,
  web_app_expand: viewport,
  web_app_close: closeApp,
  web_app_request_viewport: viewport,
  web_app_request_theme: () => tell("theme_changed", { theme_params: theme }),
  web_app_request_safe_area: () => tell("safe_area_changed", NO_INSETS),
  web_app_request_content_safe_area: () => tell("content_safe_area_changed", NO_INSETS),
  web_app_setup_back_button: ({ is_visible }) => (at("back").hidden = !is_visible),
  web_app_setup_main_button: setUpMain,
  web_app_setup_closing_behavior: ({ need_confirmation }) => (confirmClosing = need_confirmation === true),
  web_app_open_scan_qr_popup: scan,
  web_app_close_scan_qr_popup: () => at("ask").open && at("ask").close(""),
  web_app_open_popup: popup,
  web_app_open_link: ({ url }) => openLink(url),
  web_app_open_tg_link: ({ path_full }) => openTelegramLink(path_full),
  web_app_request_write_access: async () => {
    await phone.allow();
    tell("write_access_requested", { status: "allowed" });
  },
  web_app_read_text_from_clipboard: ({ req_id }) => tell("clipboard_text_received", { req_id, data: null }),
  web_app_invoke_custom_method: unsupported("custom_method_invoked"),
  web_app_secure_storage_save_key: noSecureStorage,
  web_app_secure_storage_get_key: noSecureStorage,
  web_app_secure_storage_restore_key: noSecureStorage,
  web_app_secure_storage_clear: noSecureStorage,
  web_app_device_storage_save_key: noDeviceStorage,
  web_app_device_storage_get_key: noDeviceStorage,
  web_app_device_storage_clear: noDeviceStorage,
};

window.addEventListener("message", ({ source, data }) => {
  if (!frame || source !== frame.contentWindow || typeof data !== "string") return;
  let event;
  try {
    event = JSON.parse(data);
  } catch {
    return; // not of this protocol
  }
  if (Object.hasOwn(EVENTS, event?.eventType)) EVENTS[event.eventType](event.eventData ?? {});
});
window.addEventListener("resize", viewport);
at("back").onclick = () => tell("back_button_pressed");
at("main").onclick = () => tell("main_button_pressed");
