import { fill, h, icon } from "../dom.js";
import { openPopover } from "./popover.js";
import { textNodes } from "./mrkdwn.js";

const PAGE = 8;
let serial = 0;
let current = null;

/**
 * A menu beside `anchor`: optional search field, groups, keyboard. `load(query)` gives {groups: [{label, options}]} or
 * {error}, now or later. `row(option)` may draw an option; `isPicked`, `onPick`, `keepOpen` say what choosing does; `pause` waits for the typing to end, in ms.
 */
export function openListbox({ anchor, label, search = null, minLength = 0, load, row = drawn, isPicked = () => false, onPick, keepOpen = false, pause = 0, width = 300 }) {
  if (current?.anchor === anchor) return current.close();
  current?.close();
  serial += 1;
  const id = `listbox-${serial}`;
  let active = -1;
  let asked = 0;
  let options = [];
  const list = h("div", { class: "listbox-list", role: "listbox", id, "aria-label": label, tabindex: search ? null : "0" });
  const status = h("div", { class: "listbox-status", role: "status" });
  const field = search === null ? null : searchField(id, search);
  const panel = h("div", { class: "popover listbox", "data-testid": "listbox" }, field && h("div", { class: "listbox-search" }, icon("search"), field), status, list);
  const focusable = field ?? list;
  const popover = openPopover(anchor, panel, { width, onClose: () => (current = null) });
  current = { anchor, close: popover.close };
  focusable.focus();
  focusable.addEventListener("keydown", pressed);
  field?.addEventListener("input", debounced(refresh, pause));
  list.addEventListener("click", (event) => pick(optionAt(event.target)));
  list.addEventListener("pointermove", (event) => activate(options.findIndex((one) => one.node === event.target.closest("[role=option]")), false));
  panel.addEventListener("focusout", (event) => event.relatedTarget && !panel.contains(event.relatedTarget) && popover.close());
  refresh();

  async function refresh() {
    const query = field?.value.trim() ?? "";
    asked += 1;
    const mine = asked;
    if (query.length < minLength) return show([], `Type at least ${minLength} ${minLength === 1 ? "character" : "characters"}`, "hint");
    const answer = load(query);
    if (answer instanceof Promise) show([], "Loading…", "loading");
    const result = await answer;
    if (mine !== asked || !panel.isConnected) return;
    if (result.error) return show([], result.error, "error");
    const count = result.groups.reduce((sum, group) => sum + group.options.length, 0);
    show(result.groups, count ? "" : query ? `Nothing matches “${query}”` : "There is nothing to choose from", "hint");
  }

  function show(groups, text, kind) {
    options = [];
    fill(list, groups.map((group, index) => groupNode(group, index)));
    status.className = `listbox-status is-${kind}`;
    fill(status, kind === "error" && icon("warning"), text, kind === "error" && h("button", { type: "button", class: "link", onclick: () => { refresh(); focusable.focus(); } }, "Try again"));
    status.hidden = !text;
    const picked = options.findIndex((one) => isPicked(one.option));
    activate(picked >= 0 ? picked : options.length ? 0 : -1, true);
    popover.place();
  }

  function groupNode(group, index) {
    const rows = group.options.map(optionNode);
    if (!group.label) return rows;
    const name = `${id}-group-${index}`;
    return h("div", { role: "group", "aria-labelledby": name }, h("div", { class: "listbox-group", id: name }, group.label), rows);
  }

  function optionNode(option) {
    const node = h(
      "div",
      { role: "option", class: "option", id: `${id}-${options.length}`, "aria-selected": String(isPicked(option)), "data-value": option.value },
      h("div", { class: "option-main" }, row(option)),
      icon("check"),
    );
    options.push({ option, node });
    return node;
  }

  function optionAt(target) {
    const node = target.closest("[role=option]");
    return options.find((one) => one.node === node);
  }

  function activate(index, scroll) {
    if (index === active && options[index]?.node.classList.contains("is-active")) return;
    options[active]?.node.classList.remove("is-active");
    active = index;
    const node = options[index]?.node;
    if (!node) return focusable.removeAttribute("aria-activedescendant");
    node.classList.add("is-active");
    focusable.setAttribute("aria-activedescendant", node.id);
    if (scroll) node.scrollIntoView({ block: "nearest" });
  }

  function pick(chosen) {
    if (!chosen) return;
    if (!keepOpen) {
      popover.close();
      anchor.focus();
    }
    onPick(chosen.option);
    if (keepOpen) for (const one of options) one.node.setAttribute("aria-selected", String(isPicked(one.option)));
  }

  function pressed(event) {
    const last = options.length - 1;
    const moves = { ArrowDown: active >= last ? 0 : active + 1, ArrowUp: active <= 0 ? last : active - 1, PageDown: Math.min(last, active + PAGE), PageUp: Math.max(0, active - PAGE) };
    const ends = field ? {} : { Home: 0, End: last };
    const target = { ...moves, ...ends }[event.key];
    if (target !== undefined) activate(target, true);
    else if (event.key === "Enter" || (event.key === " " && !field)) pick(options[active]);
    else if (event.key === "Escape" || event.key === "Tab") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function leave() {
    popover.close();
    anchor.focus();
  }
}

function drawn(option) {
  return [
    h("span", { class: "option-text" }, textNodes(option.text)),
    option.description && h("span", { class: "option-description" }, textNodes(option.description)),
  ];
}

function searchField(id, placeholder) {
  return h("input", {
    type: "text",
    class: "listbox-field",
    role: "combobox",
    placeholder,
    "aria-label": placeholder,
    "aria-expanded": "true",
    "aria-controls": id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    "data-testid": "listbox-search",
  });
}

function debounced(call, ms) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    if (ms === 0) return call();
    timer = setTimeout(call, ms);
  };
}
