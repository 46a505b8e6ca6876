import { reasonOf } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { renderBlocks } from "../render/blocks.js";
import { plainOf } from "../render/mrkdwn.js";
import { createSurface } from "../render/surface.js";
import { directoryOf } from "../state/store.js";
import { createEntries } from "../state/values.js";
import { focusFirst, rememberFocus, trapTab } from "./focus.js";

/** The stack of modals; only the top one is seen. What was entered lives as long as its view. */
export function createModal(page) {
  const { store, api } = page;
  const dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title", "data-testid": "modal" });
  const entered = new Map();
  let shown = null;
  let opener = null;
  document.body.append(dialog);
  trapTab(dialog);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss(true);
  });
  store.on("views", draw);
  store.on("errors", () => store.errors.viewId === shown?.id && showErrors(store.errors.errors));
  store.on("session", () => entered.clear());

  function draw() {
    const view = store.views.at(-1);
    for (const id of entered.keys()) if (!store.views.some((one) => one.id === id)) entered.delete(id);
    if (!view) return hide();
    if (shown?.id === view.id && shown.hash === view.hash && dialog.open) return;
    const restore = shown?.id === view.id ? rememberFocus(dialog) : () => false;
    shown = view;
    fill(dialog, frame(view));
    if (!dialog.open) opener = document.activeElement;
    if (!dialog.open) dialog.showModal();
    if (!restore()) focusFirst(dialog.querySelector(".modal-body").childElementCount ? dialog.querySelector(".modal-body") : dialog);
    if (!dialog.contains(document.activeElement)) focusFirst(dialog);
  }

  function hide() {
    shown = null;
    if (!dialog.open) return;
    dialog.close();
    fill(dialog);
    if (opener?.isConnected) opener.focus();
  }

  function entriesOf(view) {
    if (!entered.has(view.id)) entered.set(view.id, createEntries(view.state?.values));
    entered.get(view.id).keepOnly(view.blocks);
    return entered.get(view.id);
  }

  function frame(view) {
    dialog.dataset.viewId = view.id;
    dialog.dataset.callbackId = view.callback_id ?? "";
    const surface = createSurface({ api, user: store.user, container: { type: "view", view_id: view.id }, entries: entriesOf(view), names: directoryOf(store.session) });
    const deep = store.views.length > 1;
    return h(
      "form",
      { class: "modal-form", novalidate: true, onsubmit: submit },
      h(
        "header",
        { class: "modal-header" },
        deep && h("button", { type: "button", class: "icon-button", "aria-label": "Back", "data-testid": "modal-back", onclick: () => dismiss(false) }, icon("back")),
        h("h2", { id: "modal-title" }, plainOf(view.title)),
        h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-dismiss", onclick: () => dismiss(true) }, icon("close")),
      ),
      h("div", { class: "modal-body blocks" }, renderBlocks(view.blocks, surface)),
      h("p", { class: "modal-error", role: "alert", hidden: true, "data-testid": "modal-error" }),
      h(
        "footer",
        { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", "data-testid": "modal-close", onclick: () => dismiss(false) }, plainOf(view.close) || (deep ? "Back" : "Cancel")),
        view.submit && h("button", { type: "submit", class: "button button-primary", "data-testid": "modal-submit", disabled: view.submit_disabled }, h("span", { class: "button-text" }, plainOf(view.submit))),
      ),
    );
  }

  async function submit(event) {
    event.preventDefault();
    const view = shown;
    const button = dialog.querySelector("[data-testid=modal-submit]");
    if (!button || button.disabled || button.getAttribute("aria-busy")) return;
    showErrors({});
    button.setAttribute("aria-busy", "true");
    const answer = await api.submit({ user: store.user, view_id: view.id, state: { values: entriesOf(view).all(view.blocks) } });
    button.removeAttribute("aria-busy");
    if (answer.response_action === "errors") showErrors(answer.errors);
    else if (!answer.ok) say(reasonOf(answer.error));
  }

  /** `cleared`: the whole stack goes (the cross, Escape); else only the view on top. */
  function dismiss(cleared) {
    api.close({ user: store.user, view_id: shown.id, cleared });
    store.views = cleared ? [] : store.views.slice(0, -1);
    draw();
  }

  function say(text) {
    const place = dialog.querySelector(".modal-error");
    if (!place) return;
    place.hidden = !text;
    fill(place, icon("warning"), text);
  }

  /** Errors stand at their fields; one for a block that isn't there stands at the foot. */
  function showErrors(errors) {
    const homeless = Object.entries(errors ?? {}).filter(([blockId]) => !inputBlock(blockId));
    say(homeless.map(([, text]) => text).join(" "));
    for (const block of dialog.querySelectorAll(".block-input")) showError(block, errors?.[block.dataset.blockId]);
    dialog.querySelector(".has-error [data-action-id]")?.focus();
  }

  function inputBlock(blockId) {
    return dialog.querySelector(`.block-input[data-block-id="${CSS.escape(blockId)}"]`);
  }
}

function showError(block, text) {
  const place = block.querySelector(".input-error");
  const control = block.querySelector("[data-action-id]");
  block.classList.toggle("has-error", Boolean(text));
  place.hidden = !text;
  place.textContent = text ?? "";
  if (text) control.setAttribute("aria-describedby", place.id);
  else control.removeAttribute("aria-describedby");
  control.toggleAttribute("aria-invalid", Boolean(text));
}
