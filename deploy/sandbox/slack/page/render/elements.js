import { h, icon } from "../dom.js";
import { choices } from "./choices.js";
import { dateInput, textInput } from "./inputs.js";
import { openListbox } from "./listbox.js";
import { decode, textNodes } from "./mrkdwn.js";
import { select } from "./select.js";

/** An interactive element with its hooks: data-action-id and data-block-id. `id` ties it to its label. */
export function renderElement(element, block, surface, id = null) {
  const node = (ELEMENTS[element.type] ?? unknown)(element, block, surface, id);
  node.dataset.actionId = element.action_id ?? "";
  node.dataset.blockId = block.block_id ?? "";
  return node;
}

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  radio_buttons: choices,
  checkboxes: choices,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  datepicker: dateInput,
  timepicker: dateInput,
  datetimepicker: dateInput,
  static_select: select,
  external_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_channels_select: select,
  multi_conversations_select: select,
};

const STYLES = { primary: "button button-primary", danger: "button button-danger" };

function button(element, block, surface) {
  const node = h(
    "button",
    { type: "button", class: STYLES[element.style] ?? "button", "aria-label": element.accessibility_label },
    h("span", { class: "button-text" }, textNodes(element.text)),
  );
  node.addEventListener("click", () => {
    if (node.getAttribute("aria-busy")) return;
    if (element.url) window.open(decode(element.url), "_blank", "noopener");
    surface.act(node, block, element, element.value === undefined ? {} : { value: element.value });
  });
  return node;
}

function overflow(element, block, surface) {
  const node = h(
    "button",
    { type: "button", class: "button button-icon", "aria-haspopup": "listbox", "aria-label": "More actions", title: "More actions" },
    icon("more"),
  );
  node.addEventListener("click", () =>
    openListbox({
      anchor: node,
      label: "More actions",
      load: () => ({ groups: [{ label: null, options: element.options }] }),
      onPick: (option) => {
        if (option.url) window.open(decode(option.url), "_blank", "noopener");
        surface.act(node, block, element, { selected_option: option });
      },
    }),
  );
  return node;
}

function unknown(element) {
  return h("span", { class: "block-unknown" }, icon("warning"), `An element of type “${element.type}” that this page can’t draw.`);
}
