import { fill, h, icon } from "../dom.js";
import { renderBlocks } from "../render/blocks.js";
import { createSurface } from "../render/surface.js";
import { directoryOf } from "../state/store.js";
import { createEntries } from "../state/values.js";
import { rememberFocus } from "./focus.js";

/** The app's Home tab: what the app published for the acting person. */
export function createHome({ store, api }) {
  const node = h("div", { class: "home", hidden: true, "data-testid": "home" });
  let entries = createEntries();
  let shown = null;
  store.on("session", () => forget(null));
  store.on("home", draw);
  return node;

  function draw() {
    const view = store.home;
    if (view && shown?.hash === view.hash) return;
    if (shown?.id !== view?.id) forget(view);
    shown = view;
    const restore = rememberFocus(node);
    fill(node, view ? blocksOf(view) : empty());
    restore();
  }

  function blocksOf(view) {
    entries.keepOnly(view.blocks);
    const surface = createSurface({ api, user: store.user, container: { type: "view", view_id: view.id }, entries, names: directoryOf(store.session) });
    return h("div", { class: "blocks" }, renderBlocks(view.blocks, surface));
  }

  function forget(view) {
    entries = createEntries(view?.state?.values);
    shown = null;
    fill(node);
  }
}

function empty() {
  return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon("disks")), h("h2", {}, "Nothing here yet"), h("p", {}, "The app hasn’t published a Home for you."));
}
