// One person's phone: draws the chat from the control endpoints and does what the person presses.
import { ask, closeApp, openApp } from "./miniapp.js";

const query = new URLSearchParams(location.search);
const user = query.get("user");
const bot = query.get("bot") ?? undefined;
const at = (id) => document.getElementById(id);
let seenToast = "";
let drawn = "";

async function request(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/control${path}`, options);
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error);
  return json;
}

async function act(action, body = {}) {
  try {
    return await request(`/users/${user}/${action}`, { bot, ...body });
  } catch (error) {
    at("toast").textContent = error.message;
    return {};
  }
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// Entities count UTF-16 units, as JavaScript strings do: cut the text at every border and mark each piece.
function formatted(text, entities) {
  const borders = [0, text.length, ...entities.flatMap((each) => [each.offset, each.offset + each.length])];
  const cuts = [...new Set(borders)].sort((one, other) => one - other);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index];
    const around = entities.filter((each) => each.offset <= start && end <= each.offset + each.length);
    const piece = text.slice(start, end);
    const href = around.find((each) => each.type === "text_link")?.url ?? (around.some((each) => each.type === "url") && piece);
    const made = element(href ? "a" : "span", around.map((each) => each.type).join(" "), piece);
    if (href && /^https?:/.test(href)) Object.assign(made, { href, target: "_blank", rel: "noopener noreferrer" });
    if (around.some((each) => each.type === "bot_command")) made.onclick = () => act("say", { text: piece });
    return made;
  });
}

function button(message, each) {
  const made = element("button", "", each.text);
  made.type = "button";
  made.dir = "auto";
  made.onclick = () => press(message, each);
  return made;
}

async function press(message, each) {
  if (each.copy_text) return navigator.clipboard.writeText(each.copy_text.text);
  if (each.url) return void window.open(each.url, "_blank", "noopener");
  const { result } = await act("press", { message_id: message.message_id, button: each });
  if (each.web_app && result) openApp(result, actions);
}

const actions = { start: (payload) => act("start", { payload }), allow: () => act("allow") };

// A document's name, which saves it.
function file(message) {
  const made = element("a", "pre", `[file] ${message.document.file_name}\n`);
  made.href = "#";
  made.onclick = async (event) => {
    event.preventDefault();
    const asked = new URLSearchParams({ message_id: message.message_id, ...(bot && { bot }) });
    const { name, content } = await request(`/users/${user}/document?${asked}`);
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    const saved = Object.assign(element("a"), { href: URL.createObjectURL(new Blob([bytes])), download: name });
    saved.click();
    URL.revokeObjectURL(saved.href);
  };
  return made;
}

function drawMessage(message) {
  const item = element("li", message.service ? "service" : message.mine ? "mine" : "theirs");
  item.dataset.id = message.message_id;
  const bubble = element("div", "bubble");
  const body = element("div");
  body.dir = "auto";
  if (message.document) body.append(file(message));
  body.append(message.service, ...formatted(message.body, message.marks));
  const time = new Date(message.date * 1000).toISOString().slice(11, 16);
  const marks = [message.edit_date && "edited", !message.mine && (message.silent ? "silent" : "with sound"), `${time} UTC`];
  bubble.append(body, element("small", "meta", marks.filter(Boolean).join(" · ")));
  item.append(bubble);
  for (const buttons of message.keyboard?.inline_keyboard ?? []) {
    const row = element("div", "row");
    row.append(...buttons.map((each) => button(message, each)));
    item.append(row);
  }
  return item;
}

function drawMenu(chat) {
  const { type, text } = chat.menu_button;
  at("menu").textContent = type === "web_app" ? text : "Menu";
  at("menu").hidden = type !== "web_app" && chat.commands.length === 0;
  at("menu").onclick = async () => {
    if (type !== "web_app") return void (at("commands").hidden = !at("commands").hidden);
    const { url } = await act("menu");
    if (url) openApp(url, actions);
  };
  at("commands").replaceChildren(...chat.commands.map(({ command, description }) => {
    const item = element("li");
    const made = element("button", "", `/${command}`);
    const words = element("span", "", description);
    words.dir = "auto";
    made.append(words);
    made.onclick = () => {
      at("commands").hidden = true;
      at("text").value = "";
      act("say", { text: `/${command}` });
    };
    item.append(made);
    return item;
  }));
}

function draw(chat) {
  at("bot").textContent = chat.bot.first_name;
  at("state").textContent = chat.blocked ? "blocked" : chat.action.replaceAll("_", " ");
  at("block").textContent = chat.blocked ? "Unblock" : "Block";
  at("block").onclick = () => act(chat.blocked ? "unblock" : "block");
  at("description").textContent = chat.started ? "" : chat.description;
  at("start").hidden = chat.started;
  at("write").hidden = !chat.started;
  const list = at("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.replaceChildren(...chat.messages.map(drawMessage));
  if (atEnd) list.scrollTop = list.scrollHeight;
  drawMenu(chat);
  const toast = chat.toasts.at(-1);
  if (toast && toast.id !== seenToast) {
    seenToast = toast.id;
    if (toast.alert) ask(toast.text, [{ id: "", text: "OK" }]);
    else at("toast").textContent = toast.text;
  }
}

function drawPeople(state) {
  at("people").replaceChildren(...state.users.map((each) => {
    const link = element("a", "", [each.first_name, each.last_name].filter(Boolean).join(" "));
    link.href = `/?user=${each.id}${bot ? `&bot=${encodeURIComponent(bot)}` : ""}`;
    link.dir = "auto";
    if (String(each.id) === user) link.setAttribute("aria-current", "page");
    const item = element("li");
    item.append(link);
    return item;
  }));
}

async function refresh() {
  const state = await request("/state");
  drawPeople(state);
  at("hint").textContent = state.bots.length ? "" : "No bot yet.";
  if (!user || !state.bots.length) return;
  const chat = await request(`/users/${user}/chat${bot ? `?bot=${encodeURIComponent(bot)}` : ""}`);
  const now = JSON.stringify(chat);
  if (now === drawn) return;
  drawn = now;
  at("phone").hidden = false;
  draw(chat);
}

function send() {
  const text = at("text").value;
  at("text").value = "";
  at("commands").hidden = true;
  at("toast").textContent = "";
  if (text.trim()) act("paste", { text }); // a long one goes as several messages
}

at("write").onsubmit = (event) => {
  event.preventDefault();
  send();
};
at("text").onkeydown = (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  send();
};
at("text").oninput = () => (at("commands").hidden = at("text").value !== "/");
at("start").onclick = () => actions.start("");
at("close").onclick = closeApp;
at("add").onsubmit = async (event) => {
  event.preventDefault();
  const made = await request("/users", Object.fromEntries(new FormData(event.target)));
  location.search = `?user=${made.id}`;
};
new EventSource("/page/events").onmessage = () => refresh().catch((error) => (at("hint").textContent = error.message));
