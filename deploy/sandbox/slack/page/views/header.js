import { fill, h, icon } from "../dom.js";
import { mrkdwn } from "../render/mrkdwn.js";
import { directoryOf } from "../state/store.js";
import { avatar, nameOf } from "./avatar.js";
import { channelIcon } from "./sidebar.js";

/** Name, topic, and whether the app is connected; tabs in the app's own conversation. */
export function createHeader({ store, session }, toggleSidebar) {
  const title = h("div", { class: "header-title" });
  const tabs = h("div", { class: "tabs", role: "tablist" });
  const state = h("div", { class: "connections", role: "status", "data-testid": "connections" });
  const menu = h("button", { type: "button", class: "header-menu", "aria-label": "Channels and people", onclick: toggleSidebar }, icon("menu"));
  const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  const draw = () => {
    const channel = store.session?.channels.find((one) => one.id === store.channel);
    if (!channel) return;
    drawTitle(title, channel, directoryOf(store.session));
    drawTabs(tabs, channel, store, session);
  };
  store.on("channel", draw);
  store.on("session", draw);
  store.on("connections", () => drawConnections(state, store));
  store.on("live", () => {
    trouble.hidden = store.live;
    trouble.textContent = store.failure ? `The workspace couldn’t be opened (${store.failure}).` : "Not connected to the sandbox’s server. Trying again…";
  });
  return h("header", { class: "header" }, h("div", { class: "header-row" }, menu, title, state), tabs, trouble);
}

function drawTitle(node, channel, names) {
  const user = channel.kind === "im" ? names.user(channel.user) : null;
  const name = user ? nameOf(user) : channel.name;
  document.title = `${user ? "" : "#"}${name} · Storage sandbox`;
  fill(
    node,
    h("h1", {}, user ? avatar(user, "avatar-small") : channelIcon(channel), h("span", {}, name)),
    channel.is_ext_shared && h("span", { class: "tag" }, "shared with another company"),
    channel.topic && h("p", { class: "topic", title: channel.topic }, mrkdwn(channel.topic, names)),
  );
}

function drawTabs(node, channel, store, session) {
  node.hidden = channel.user !== store.session.app.bot_user_id;
  fill(node, ["messages", "home"].filter((name) => store.session.app.tabs.includes(name)).map((name) =>
    h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(store.tab === name), "data-testid": `tab-${name}`, onclick: () => session.openTab(name) }, name === "home" ? "Home" : "Messages"),
  ));
}

function drawConnections(node, store) {
  const count = store.connections;
  node.dataset.count = String(count);
  node.classList.toggle("is-on", count > 0);
  const name = store.session.app.name;
  fill(node, h("span", { class: "connections-dot" }), count ? `${name} connected` : `${name} not connected`, count > 0 && h("span", { class: "connections-count" }, `${count} ${count === 1 ? "socket" : "sockets"}`));
}
