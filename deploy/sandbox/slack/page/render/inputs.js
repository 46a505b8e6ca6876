import { h } from "../dom.js";
import { valueKey } from "../state/values.js";
import { plainOf } from "./mrkdwn.js";
import { reports } from "./surface.js";

const SAVE_AFTER_MS = 250;
const KINDS = { email_text_input: "email", url_text_input: "url", datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/** plain_text_input, number_input, email and url: one line or several. */
export function textInput(element, block, surface, id) {
  const many = element.multiline === true;
  const node = h(many ? "textarea" : "input", {
    id,
    class: "field-input",
    type: many ? null : (KINDS[element.type] ?? "text"),
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    rows: many ? 4 : null,
    placeholder: plainOf(element.placeholder),
    maxlength: element.max_length,
    autocomplete: "off",
    spellcheck: "false",
    value: surface.read(block, element).value ?? "",
    autofocus: element.focus_on_load,
  });
  const state = () => ({ type: element.type, value: node.value === "" ? null : node.value });
  rememberSoon(node, () => surface.enter(block, element, state()));
  if (reports(block, element)) report(node, element, () => surface.act(node, block, element, { value: node.value }));
  return node;
}

function report(node, element, act) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (triggers.includes("on_character_entered")) node.addEventListener("input", act);
  if (!triggers.includes("on_enter_pressed")) return;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    act();
  });
}

/** Typing is saved after a pause, and at once when the field is left. */
function rememberSoon(node, save) {
  let timer = null;
  const now = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    save();
  };
  node.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, SAVE_AFTER_MS);
  });
  node.addEventListener("blur", now);
}

export function dateInput(element, block, surface, id) {
  const key = valueKey(element.type);
  const node = h("input", {
    id,
    class: "field-input field-date",
    type: KINDS[element.type],
    "aria-label": id ? null : plainOf(element.placeholder) || "Date",
    value: shown(element, surface.read(block, element)[key]),
  });
  node.addEventListener("change", () => {
    const extra = { [key]: sent(element, node.value) };
    surface.enter(block, element, { type: element.type, ...extra });
    if (reports(block, element)) surface.act(node, block, element, extra);
  });
  return node;
}

/** A datetimepicker speaks in epoch seconds, its field in local time. */
function shown(element, value) {
  if (element.type !== "datetimepicker" || !value) return value ?? "";
  const date = new Date(value * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function sent(element, value) {
  if (!value) return null;
  return element.type === "datetimepicker" ? Math.floor(new Date(value).getTime() / 1000) : value;
}
