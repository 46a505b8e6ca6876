import { h } from "../dom.js";
import { valueKey } from "../state/values.js";
import { textNodes } from "./mrkdwn.js";
import { reports } from "./surface.js";

let groups = 0;

/** Radio buttons and checkboxes. */
export function choices(element, block, surface, id) {
  groups += 1;
  const many = element.type === "checkboxes";
  const name = `choice-${groups}`;
  const node = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-labelledby": id ? `${id}-label` : null });
  const picked = chosenValues(surface.read(block, element), many);
  node.append(...element.options.map(row));
  return node;

  function row(option) {
    const box = h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: option.value,
      checked: picked.has(option.value),
      onchange: changed,
    });
    return h(
      "label",
      { class: "choice" },
      box,
      h(
        "span",
        { class: "choice-text" },
        h("span", {}, textNodes(option.text, surface.names)),
        option.description && h("span", { class: "choice-description" }, textNodes(option.description, surface.names)),
      ),
    );
  }

  function changed() {
    const values = new Set([...node.querySelectorAll("input:checked")].map((box) => box.value));
    const options = element.options.filter((option) => values.has(option.value));
    const extra = { [valueKey(element.type)]: many ? options : (options[0] ?? null) };
    surface.enter(block, element, { type: element.type, ...extra });
    if (reports(block, element)) surface.act(node, block, element, extra);
  }
}

function chosenValues(state, many) {
  const options = many ? state.selected_options : [state.selected_option];
  return new Set((options ?? []).filter(Boolean).map((option) => option.value));
}
