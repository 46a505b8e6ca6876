import { reasonOf } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { directoryOf } from "../state/store.js";
import { nameOf } from "./avatar.js";
import { createCommands } from "./commands.js";
import { createShortcuts } from "./shortcuts.js";

const NEWEST = 50;
/** For these the server posts a private note; the page need not say it twice. */
const NOTED = new Set(["operation_timeout", "dispatch_failed"]);

/** Where one types: messages and slash commands. Enter sends, Shift+Enter breaks the line, Up brings back what was sent. */
export function createComposer(page, { testid, thread }) {
  const { store, api } = page;
  const field = h("textarea", { class: "composer-field", rows: 1, autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", disabled: true });
  const send = h("button", { type: "submit", class: "composer-send", "aria-label": "Send", disabled: true }, icon("send"));
  const trouble = h("p", { class: "composer-trouble", role: "alert", hidden: true });
  const away = h("p", { class: "composer-away", hidden: true });
  const commands = createCommands(field, () => store.session?.commands ?? [], changed);
  const form = h(
    "form",
    { class: "composer-box", onsubmit: (event) => { event.preventDefault(); submit(); } },
    field,
    h("div", { class: "composer-foot" }, createShortcuts(page, tell), h("span", { class: "composer-tips" }, h("kbd", {}, "/"), " commands  ", h("kbd", {}, "↑"), " history  ", h("kbd", {}, "⇧ Enter"), " new line"), send),
  );
  const node = h("div", { class: "composer", "data-testid": testid }, commands.node, trouble, form, away);
  const drafts = new Map();
  const sent = new Map();
  let place = null;
  let back = 0;
  field.addEventListener("input", () => { back = 0; changed(); });
  field.addEventListener("keydown", pressed);
  form.addEventListener("click", (event) => event.target.closest("button") || field.focus());
  for (const topic of ["channel", "thread"]) store.on(topic, moved);
  return node;

  function moved() {
    const next = `${store.user}/${store.channel}/${thread() ?? ""}`;
    if (next === place) return;
    drafts.set(place, field.value);
    place = next;
    back = 0;
    field.disabled = false; // until there is a place to write to, what is typed would be lost
    trouble.hidden = true;
    const channel = store.session.channels.find((one) => one.id === store.channel);
    const label = `${thread() ? "Reply in" : "Message"} ${channel ? placeName(channel) : ""}`;
    field.placeholder = label;
    field.setAttribute("aria-label", label);
    away.hidden = channel?.is_member !== false;
    form.hidden = !away.hidden;
    fill(away, "You are not in this channel.");
    put(drafts.get(place) ?? "");
  }

  function placeName(channel) {
    return channel.kind === "im" ? nameOf(directoryOf(store.session).user(channel.user)) : `#${channel.name}`;
  }

  function put(text) {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    changed();
  }

  function changed() {
    send.disabled = !field.value.trim();
    field.style.height = "auto";
    if (field.scrollHeight) field.style.height = `${field.scrollHeight}px`;
    commands.update();
  }

  function pressed(event) {
    if (event.isComposing) return;
    if (commands.pressed(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) submit();
    else if (event.key === "ArrowUp" && atStart()) recall(1);
    else if (event.key === "ArrowDown" && back > 0) recall(-1);
    else return undefined;
    return event.preventDefault();
  }

  function atStart() {
    return back > 0 || field.value === "";
  }

  function recall(step) {
    const mine = sent.get(store.user) ?? [];
    back = Math.min(mine.length, Math.max(0, back + step));
    put(back ? mine.at(-back) : "");
    commands.hide();
  }

  async function submit() {
    const text = field.value.trim();
    if (!text) return;
    const mine = (sent.get(store.user) ?? []).filter((one) => one !== text);
    sent.set(store.user, [...mine, text].slice(-NEWEST));
    back = 0;
    const from = place;
    put("");
    trouble.hidden = true;
    node.classList.add("is-sending");
    const answer = await deliver(text);
    node.classList.remove("is-sending");
    if (!answer.ok && !NOTED.has(answer.error) && place === from) complain(answer.error, text);
  }

  function deliver(text) {
    const body = { user: store.user, channel: store.channel, text, ...(thread() ? { thread_ts: thread() } : {}) };
    return text.startsWith("/") ? api.command(body) : api.message(body);
  }

  /** What was typed comes back into an empty field, so that it can be sent again. */
  function complain(error, text) {
    tell(error);
    if (!field.value) put(text);
    commands.hide();
  }

  function tell(error) {
    trouble.hidden = !error;
    fill(trouble, error && icon("warning"), error && reasonOf(error));
  }
}
