import { fill, h, icon } from "../dom.js";
import { renderBlocks } from "../render/blocks.js";
import { createSurface } from "../render/surface.js";
import { directoryOf } from "../state/store.js";
import { createEntries } from "../state/values.js";

/** The app's Home tab: what the app published for the acting person. */
export function createHome({ store, api }) {
  const node = h("div", { class: "home", hidden: true, "data-testid": "home" });
  let entries = createEntries();
  store.on("session", () => (entries = createEntries()));
  store.on("home", () => {
    const view = store.home;
    if (!view) return fill(node, empty());
    entries.keepOnly(view.blocks);
    const surface = createSurface({ api, user: store.user, container: { type: "view", view_id: view.id }, entries, names: directoryOf(store.session) });
    return fill(node, h("div", { class: "blocks" }, renderBlocks(view.blocks, surface)));
  });
  return node;
}

function empty() {
  return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon("disks")), h("h2", {}, "Nothing here yet"), h("p", {}, "The app hasn’t published a Home for you."));
}
