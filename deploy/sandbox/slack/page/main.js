/**
 * The page of the local Slack: a chat to try the bot in, as any of the workspace's people.
 *
 * Stable hooks for tests
 *   #user=U…&channel=C…[&thread=ts]                opens the page as that person, there
 *   [data-testid=sidebar] [data-channel]           channels and direct messages
 *   [data-testid=switcher], then [role=option][data-value=U…]   who am I (Alt+1 … Alt+9 switches too)
 *   [data-testid=connections][data-count]          open sockets of the app
 *   [data-testid=message-list] [data-ts]           messages; data-user, data-ephemeral="true" on private answers
 *   [data-testid=reply-in-thread], [data-testid=thread-summary]
 *   [data-testid=thread-pane] [data-ts]            parent and replies
 *   [data-testid=composer] textarea, [data-testid=thread-composer] textarea;  [data-testid=commands] the suggestions
 *   [data-testid=shortcuts]                        the lightning menu of a composer
 *   [data-block-id], [data-action-id]              blocks and interactive elements; aria-busy="true" while waiting
 *   [data-testid=listbox] [role=option][data-value], [data-testid=listbox-search]     an open menu
 *   [data-testid=confirm] with [data-answer=confirm|deny]
 *   [data-testid=modal][data-view-id][data-callback-id] with [data-testid=modal-submit|modal-close|modal-dismiss|modal-error]
 *   [data-testid=tab-home|tab-messages], [data-testid=home]     the app's Home; `&tab=home` in the address opens it
 */
import { createApi } from "./api.js";
import { fill, h } from "./dom.js";
import { createSession } from "./state/session.js";
import { createStore } from "./state/store.js";
import { createComposer } from "./views/composer.js";
import { createHeader } from "./views/header.js";
import { createHome } from "./views/home.js";
import { createMessageEntries } from "./views/message.js";
import { createMessageList } from "./views/messages.js";
import { createModal } from "./views/modal.js";
import { createSidebar } from "./views/sidebar.js";
import { createThread } from "./views/thread.js";

function build(root) {
  const store = createStore();
  const api = createApi();
  const page = { store, api, session: createSession(store, api), entries: createMessageEntries() };
  store.on("session", () => page.entries.forget());
  const list = createMessageList(page, { label: "Messages", messages: () => store.messages });
  const composer = createComposer(page, { testid: "composer", thread: () => null });
  const conversation = h("div", { class: "conversation" }, list, composer);
  const home = createHome(page);
  const main = h("main", { class: "main" }, createHeader(page, () => root.classList.toggle("show-sidebar")), conversation, home);
  fill(root, createSidebar(page), main, createThread(page));
  createModal(page);
  store.on("channel", () => {
    root.classList.remove("show-sidebar");
    conversation.hidden = store.tab === "home";
    home.hidden = store.tab !== "home";
  });
  store.on("thread", () => root.classList.toggle("has-thread", Boolean(store.thread)));
  page.session.start();
}

build(document.getElementById("app"));
