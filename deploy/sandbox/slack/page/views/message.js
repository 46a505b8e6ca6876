import { h, icon } from "../dom.js";
import { renderBlocks } from "../render/blocks.js";
import { mrkdwn } from "../render/mrkdwn.js";
import { createSurface } from "../render/surface.js";
import { directoryOf } from "../state/store.js";
import { createEntries } from "../state/values.js";
import { clock, full, whenLabel } from "../time.js";
import { avatar, nameOf } from "./avatar.js";

/** One message. `first` shows who speaks; `inThread` leaves out what leads to the thread. */
export function renderMessage(page, message, { first, inThread, entries }) {
  const { store } = page;
  const names = directoryOf(store.session);
  const user = names.user(message.user);
  const classes = ["message", first ? "is-first" : "is-next", message.ephemeral && "is-private"].filter(Boolean).join(" ");
  return h(
    "article",
    { class: classes, "data-ts": message.ts, "data-user": message.user, "data-ephemeral": message.ephemeral ? "true" : null, "aria-label": `${nameOf(user)}, ${clock(message.ts)}` },
    message.ephemeral && first && h("div", { class: "private-note" }, icon("eye"), "Only visible to you"),
    first ? avatar(user) : h("time", { class: "side-time", title: full(message.ts) }, clock(message.ts)),
    h("div", { class: "message-main" }, first && byline(user, message), content(page, message, names, entries), !inThread && summary(page, message)),
    !inThread && !message.ephemeral && tools(page, message),
  );
}

/**
 * The message again, after a change. A new count of replies leaves the rest alone, and blocks that are the same keep
 * their nodes: a menu that is open in one stays open while the card around it changes.
 */
export function redrawMessage(page, before, message, how) {
  if (before.message === message) return before.node;
  if (!how.inThread && sameContent(before.message, message)) return withSummary(page, before.node, message);
  if (how.inThread && sameContent(before.message, message)) return before.node;
  const node = renderMessage(page, message, how);
  for (const block of message.blocks ?? []) {
    const old = (before.message.blocks ?? []).find((one) => one.block_id && one.block_id === block.block_id);
    if (old && JSON.stringify(old) === JSON.stringify(block)) blockNode(node, block)?.replaceWith(blockNode(before.node, block));
  }
  return node;
}

function blockNode(node, block) {
  return node.querySelector(`.block[data-block-id="${CSS.escape(block.block_id)}"]`);
}

function sameContent(one, other) {
  const content = ({ reply_count: _count, latest_reply: _latest, ...rest }) => JSON.stringify(rest);
  return content(one) === content(other);
}

function withSummary(page, node, message) {
  node.querySelector(".thread-summary")?.remove();
  const line = summary(page, message);
  if (line) node.querySelector(".message-main").append(line);
  return node;
}

function byline(user, message) {
  return h(
    "div",
    { class: "byline" },
    h("span", { class: "author" }, nameOf(user)),
    (user.is_bot || message.bot_id) && h("span", { class: "badge" }, "APP"),
    h("time", { class: "time", title: full(message.ts) }, clock(message.ts)),
  );
}

function content(page, message, names, entries) {
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  if (!message.blocks?.length) return h("div", { class: "text" }, mrkdwn(message.text ?? "", names), edited);
  const surface = surfaceOf(page, message, names, entries);
  return h("div", { class: isCard(message.blocks) ? "blocks is-card" : "blocks" }, renderBlocks(message.blocks, surface), edited);
}

/** A message with a heading, facts in columns or controls reads better with an edge around it; a line of text doesn't. */
function isCard(blocks) {
  return blocks.length > 1 && blocks.some((block) => block.type === "header" || block.type === "actions" || block.fields || (block.accessory && block.accessory.type !== "image"));
}

function surfaceOf({ api, store }, message, names, entries) {
  const container = { type: "message", channel_id: message.channel, message_ts: message.ts, is_ephemeral: Boolean(message.ephemeral) };
  entries.keepOnly(message.blocks);
  return createSurface({ api, user: store.user, container, entries, names });
}

function summary({ session }, message) {
  if (!message.reply_count) return null;
  const count = message.reply_count;
  return h(
    "button",
    { type: "button", class: "thread-summary", "data-testid": "thread-summary", onclick: () => session.openThread(message.ts) },
    icon("thread"),
    h("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    h("span", {}, `last ${whenLabel(message.latest_reply ?? message.ts)}`),
  );
}

function tools({ session }, message) {
  return h(
    "div",
    { class: "tools" },
    h("button", { type: "button", class: "tool", "aria-label": "Reply in thread", title: "Reply in thread", "data-testid": "reply-in-thread", onclick: () => session.openThread(message.thread_ts ?? message.ts) }, icon("thread")),
  );
}

/** What was chosen in a message stays chosen while the message is drawn again. */
export function createMessageEntries() {
  const kept = new Map();
  return {
    forget: () => kept.clear(),
    of(message) {
      const key = `${message.channel}/${message.ts}`;
      if (!kept.has(key)) kept.set(key, createEntries());
      return kept.get(key);
    },
  };
}
