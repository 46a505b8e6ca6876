import { fill, h, icon } from "../dom.js";
import { FIRST_CHANNEL } from "../state/session.js";
import { directoryOf } from "../state/store.js";
import { avatar, nameOf } from "./avatar.js";
import { createSwitcher } from "./switcher.js";

const KIND_ICONS = { channel: "hash", private: "lock" };

export function channelIcon(channel) {
  return icon(channel.is_ext_shared ? "shared" : (KIND_ICONS[channel.kind] ?? "hash"));
}

/** The left rail: workspace, channels, direct messages, and who is acting. */
export function createSidebar(page) {
  const { store } = page;
  const lists = h("div", { class: "rail-lists" });
  const name = h("div", { class: "rail-name" }, "Storage sandbox");
  const node = h(
    "nav",
    { class: "rail", "aria-label": "Channels and people", "data-testid": "sidebar" },
    h("header", { class: "rail-header" }, h("span", { class: "rail-logo" }, icon("disks")), h("div", {}, name, h("div", { class: "rail-note" }, "a stand-in for Slack"))),
    lists,
    createSwitcher(page),
  );
  const draw = () => {
    if (!store.session) return;
    name.textContent = store.session.team.name;
    fill(lists, sections(page));
  };
  for (const topic of ["session", "channel", "unread", "connections"]) store.on(topic, draw);
  return node;
}

function sections(page) {
  const { channels, app } = page.store.session;
  const rooms = channels.filter((one) => one.kind !== "im").sort(byPlace);
  const direct = channels.filter((one) => one.kind === "im");
  return [
    section("Channels", rooms.map((one) => roomRow(page, one))),
    section("Direct messages", direct.filter((one) => one.user !== app.bot_user_id).map((one) => personRow(page, one))),
    section("Apps", direct.filter((one) => one.user === app.bot_user_id).map((one) => personRow(page, one))),
  ];
}

/** The channel where one asks for storage comes first, private ones last. */
function byPlace(one, other) {
  const rank = (channel) => (channel.name === FIRST_CHANNEL ? 0 : channel.kind === "private" ? 2 : 1);
  return rank(one) - rank(other) || one.name.localeCompare(other.name);
}

function section(title, rows) {
  if (!rows.length) return null;
  return h("section", { class: "rail-section" }, h("h2", {}, title), h("ul", {}, rows));
}

function roomRow(page, channel) {
  const kind = channel.is_ext_shared ? "shared with another company" : channel.kind === "private" ? "private channel" : "channel";
  return row(page, channel, [channelIcon(channel), h("span", { class: "rail-label" }, channel.name)], `${channel.name}, ${kind}`);
}

function personRow(page, channel) {
  const user = directoryOf(page.store.session).user(channel.user);
  const online = user.is_bot && page.store.connections > 0;
  return row(page, channel, [avatar(user, "avatar-small"), h("span", { class: "rail-label" }, nameOf(user)), online && h("span", { class: "rail-dot", title: "connected" })], nameOf(user));
}

function row({ store, session }, channel, content, label) {
  const here = channel.id === store.channel;
  const classes = ["rail-row", store.unread.has(channel.id) && "is-unread", !channel.is_member && "is-away"].filter(Boolean).join(" ");
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: classes,
        "data-channel": channel.id,
        "aria-current": here ? "page" : null,
        "aria-label": store.unread.has(channel.id) ? `${label}, unread` : label,
        onclick: () => session.openChannel(channel.id),
      },
      content,
    ),
  );
}
