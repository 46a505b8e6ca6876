import { h, icon } from "../dom.js";
import { openListbox } from "../render/listbox.js";

/** The lightning menu beside the composer: what the app can be asked for from anywhere. `failed` is told why one didn't run. */
export function createShortcuts({ store, api }, failed) {
  const node = h("button", { type: "button", class: "composer-shortcuts", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "listbox", "aria-expanded": "false", "data-testid": "shortcuts", hidden: true }, icon("bolt"));
  node.addEventListener("click", () => node.getAttribute("aria-busy") || open());
  store.on("session", () => (node.hidden = store.session.shortcuts.length === 0));
  return node;

  function open() {
    const options = store.session.shortcuts.map((one) => ({ value: one.callback_id, shortcut: one, text: { type: "plain_text", text: one.name } }));
    openListbox({
      anchor: node,
      label: "Shortcuts",
      load: () => ({ groups: [{ label: store.session.app.name, options }] }),
      row: ({ shortcut }) => [h("span", { class: "option-text" }, shortcut.name), h("span", { class: "option-description" }, shortcut.description)],
      onPick: ({ value }) => use(value),
    });
  }

  async function use(callbackId) {
    failed(null);
    node.setAttribute("aria-busy", "true");
    const answer = await api.shortcut({ user: store.user, callback_id: callbackId });
    node.removeAttribute("aria-busy");
    if (!answer.ok) failed(answer.error);
  }
}
