import { fill, h } from "../dom.js";

let serial = 0;

/** Suggestions above the composer while a slash command is typed; its usage once the command is complete. */
export function createCommands(field, known, changed) {
  serial += 1;
  const id = `commands-${serial}`;
  const list = h("div", { role: "listbox", id, "aria-label": "Commands" });
  const usage = h("div", { class: "commands-usage" });
  const node = h("div", { class: "commands", "data-testid": "commands", hidden: true }, list, usage);
  let matches = [];
  let active = 0;
  field.setAttribute("aria-controls", id);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("blur", hide);
  return { node, update, pressed, hide };

  function update() {
    const text = field.value;
    const word = /^\/\S*$/.test(text) ? text : null;
    matches = word ? known().filter((one) => one.command.startsWith(word)) : [];
    active = 0;
    const complete = word ? null : known().find((one) => text.startsWith(`${one.command} `));
    node.hidden = document.activeElement !== field || !(matches.length || complete?.usage_hint);
    draw(complete);
  }

  function draw(complete) {
    fill(list, matches.map(row));
    fill(usage, complete?.usage_hint && [h("code", {}, complete.command), h("span", {}, complete.usage_hint)]);
    usage.hidden = !complete?.usage_hint;
    if (matches.length) field.setAttribute("aria-activedescendant", `${id}-${active}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function row(one, index) {
    return h(
      "div",
      { role: "option", id: `${id}-${index}`, class: index === active ? "command is-active" : "command", "aria-selected": String(index === active), onclick: () => complete(one) },
      h("span", { class: "command-line" }, h("strong", {}, one.command), one.usage_hint && h("span", { class: "command-hint" }, one.usage_hint)),
      one.description && h("span", { class: "command-description" }, one.description),
    );
  }

  function complete(one) {
    field.value = `${one.command} `;
    field.focus();
    changed();
  }

  /** True when the key was for the suggestions. */
  function pressed(event) {
    if (node.hidden) return false;
    if (event.key === "Escape") return hide() ?? true;
    if (!matches.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && matches.length > 1) return move(step);
    const typed = matches[active].command === field.value;
    if (event.key !== "Tab" && !(event.key === "Enter" && !typed)) return false;
    if (event.shiftKey) return false;
    complete(matches[active]);
    return true;
  }

  function move(step) {
    active = (active + step + matches.length) % matches.length;
    draw(null);
    return true;
  }

  function hide() {
    node.hidden = true;
  }
}
