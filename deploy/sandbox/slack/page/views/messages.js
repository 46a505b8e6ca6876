import { arrange, h, icon } from "../dom.js";
import { keyOf, rows } from "../state/conversation.js";
import { dayKey, dayLabel } from "../time.js";
import { rememberFocus } from "./focus.js";
import { redrawMessage, renderMessage } from "./message.js";

const NEAR_PX = 80;

/** A list that keeps the nodes of unchanged messages, stays at the end when it was there, and says when there is more below. */
export function createMessageList(page, { label, messages, inThread = false, topic = "messages" }) {
  const { store } = page;
  const list = h("div", { class: "message-list", role: "log", "aria-label": label, tabindex: "0", "data-testid": inThread ? "thread-list" : "message-list" });
  const latest = h("button", { type: "button", class: "latest", hidden: true, "data-testid": "jump-latest", onclick: () => toEnd() }, icon("down"), "New messages");
  let drawn = new Map();
  let place = "";
  list.addEventListener("scroll", () => nearEnd() && (latest.hidden = true), { passive: true });
  store.on(topic, draw);
  store.on("session", () => (drawn = new Map()));
  new ResizeObserver(() => followed && toEnd()).observe(list);
  let followed = true;
  list.addEventListener("scroll", () => (followed = nearEnd()), { passive: true });
  return h("div", { class: "message-area" }, list, latest);

  function draw() {
    const here = `${store.user}/${store.channel}/${inThread ? store.thread : ""}`;
    const moved = here !== place;
    const grown = messages().length > drawn.size;
    const newest = messages().at(-1);
    const mine = grown && (newest.ephemeral || newest.user === store.user);
    const follow = moved || followed || mine;
    place = here;
    const restore = rememberFocus(list);
    arrange(list, nodes().filter(Boolean));
    if (!list.contains(document.activeElement)) restore();
    if (follow) toEnd();
    else if (grown) latest.hidden = false;
    if (moved) latest.hidden = true;
  }

  function nodes() {
    const shown = rows(messages(), dayKey);
    const next = new Map();
    const out = shown.flatMap(({ message, first, newDay }) => {
      const key = `${message.channel}/${keyOf(message)}`;
      const before = drawn.get(key);
      const how = { first, inThread, entries: page.entries.of(message) };
      const node = before?.first === first ? redrawMessage(page, before, message, how) : renderMessage(page, message, how);
      next.set(key, { message, first, node });
      return newDay ? [divider(message.ts), node] : [node];
    });
    drawn = next;
    return shown.length ? out : [empty(store, inThread)];
  }

  function nearEnd() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  }

  function toEnd() {
    list.scrollTop = list.scrollHeight;
    followed = true;
    latest.hidden = true;
  }
}

function divider(ts) {
  return h("div", { class: "day", role: "separator" }, h("span", {}, dayLabel(ts)));
}

function empty(store, inThread) {
  if (inThread || !store.session) return null;
  const channel = store.session.channels.find((one) => one.id === store.channel);
  if (!channel) return null;
  const commands = channel.kind === "im" || channel.bot_is_member ? store.session.commands : [];
  return h(
    "div",
    { class: "empty" },
    h("span", { class: "empty-icon" }, icon(channel.kind === "im" ? "thread" : "hash")),
    h("h2", {}, channel.kind === "im" ? "A quiet conversation" : `This is the beginning of #${channel.name}`),
    commands.length > 0 && h("p", {}, "Type ", h("code", {}, commands[0].command), " below. ", commands[0].description),
    channel.kind !== "im" && !channel.bot_is_member && h("p", {}, `${store.session.app.name} is not in this channel.`),
  );
}
