import { h, icon } from "../dom.js";
import { createComposer } from "./composer.js";
import { createMessageList } from "./messages.js";

/** The pane at the right: a message and its replies. */
export function createThread(page) {
  const { store, session } = page;
  const where = h("span", { class: "thread-where" });
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", "data-testid": "thread-close", onclick: session.closeThread }, icon("close"));
  const list = createMessageList(page, { label: "Thread", messages: () => store.replies, inThread: true, topic: "thread" });
  const composer = createComposer(page, { testid: "thread-composer", thread: () => store.thread });
  const node = h(
    "aside",
    { class: "thread", "aria-label": "Thread", hidden: true, "data-testid": "thread-pane" },
    h("header", { class: "thread-header" }, h("h2", {}, "Thread"), where, close),
    list,
    composer,
  );
  node.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && session.closeThread());
  let shown = null;
  store.on("thread", () => {
    node.hidden = !store.thread;
    const channel = store.session.channels.find((one) => one.id === store.channel);
    where.textContent = channel?.kind === "im" ? "" : `#${channel?.name ?? ""}`;
    if (store.thread && store.thread !== shown) composer.querySelector("textarea").focus({ preventScroll: true });
    shown = store.thread;
  });
  return node;
}
