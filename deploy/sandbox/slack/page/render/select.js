import { reasonOf } from "../api.js";
import { fill, h, icon } from "../dom.js";
import { valueKey } from "../state/values.js";
import { openListbox } from "./listbox.js";
import { decode, plainOf, textNodes } from "./mrkdwn.js";
import { reports } from "./surface.js";

/** docs.slack.dev: external_select asks from this many characters on unless it says otherwise. */
const MIN_QUERY_LENGTH = 3;
const TYPING_MS = 180;
/** A menu of more entries than one sees at a glance gets a search field. */
const SEARCH_FROM = 8;

/** All menus: static, external, of people and of channels; one choice or several. */
export function select(element, block, surface, id) {
  const many = element.type.startsWith("multi_");
  const external = element.type.endsWith("external_select");
  const key = valueKey(element.type);
  const places = optionsOf(element, surface.names);
  const label = plainOf(element.placeholder) || "Choose an option";
  const text = h("span", { class: "select-text", id: id && `${id}-text` });
  const node = h("button", { type: "button", id, class: "select", "aria-labelledby": id && `${id}-label ${id}-text`, "aria-haspopup": "listbox", "aria-expanded": "false" }, text, icon("chevron"));
  let picked = selectedOptions(surface.read(block, element)[key], places);
  show();
  node.addEventListener("click", () => !node.getAttribute("aria-busy") && open());
  return node;

  function open() {
    openListbox({
      anchor: node,
      label,
      search: external ? "Type to search" : places.count > SEARCH_FROM ? `Search ${places.count} entries` : null,
      minLength: external ? (element.min_query_length ?? MIN_QUERY_LENGTH) : 0,
      pause: external ? TYPING_MS : 0,
      load: external ? suggest : (query) => filtered(places, query),
      isPicked: (option) => picked.some((one) => same(one, option)),
      keepOpen: many,
      onPick: many ? toggle : (option) => choose([option]),
    });
  }

  async function suggest(query) {
    const answer = await surface.suggest(block, element, query);
    if (!answer.ok) return { error: `The entries didn’t arrive. ${reasonOf(answer.error)}` };
    return { groups: answer.option_groups ? labelled(answer.option_groups) : [{ label: null, options: answer.options ?? [] }] };
  }

  function toggle(option) {
    const without = picked.filter((one) => !same(one, option));
    const limit = element.max_selected_items ?? Number.POSITIVE_INFINITY;
    if (without.length < picked.length) choose(without);
    else if (picked.length < limit) choose([...picked, option]);
  }

  async function choose(options) {
    const before = picked;
    picked = options;
    show();
    const value = valueOf(options, key, many);
    surface.enter(block, element, { type: element.type, [key]: value });
    if (!reports(block, element)) return;
    const taken = await surface.act(node, block, element, { [key]: value });
    if (taken || picked !== options) return;
    picked = before;
    surface.enter(block, element, { type: element.type, [key]: valueOf(before, key, many) });
    show();
  }

  function show() {
    fill(text, picked.length ? picked.flatMap((option, index) => [index ? ", " : "", textNodes(option.text)]) : label);
    node.classList.toggle("is-empty", picked.length === 0);
    node.setAttribute("title", picked.length ? text.textContent : "");
  }
}

function same(one, other) {
  return one.value === other.value && one.text.text === other.text.text;
}

function labelled(groups) {
  return groups.map((group) => ({ label: plainOf(group.label), options: group.options }));
}

/** {groups, count} of what the element itself offers; people and channels count as options with their id as value. */
function optionsOf(element, names) {
  const groups = element.option_groups ? labelled(element.option_groups) : [{ label: null, options: own(element, names) }];
  return { groups, count: groups.reduce((sum, group) => sum + group.options.length, 0) };
}

function own(element, names) {
  if (element.type.endsWith("users_select")) return names.users().map((user) => asOption(user.id, `@${user.name}`, user.real_name));
  if (/channels_select$|conversations_select$/.test(element.type)) return names.channels().map((one) => asOption(one.id, `#${one.name}`));
  return element.options ?? [];
}

function asOption(value, text, description = null) {
  return { value, text: { type: "plain_text", text }, ...(description ? { description: { type: "plain_text", text: description } } : {}) };
}

/** State holds option objects, or ids for people and channels. */
function selectedOptions(state, places) {
  const values = (Array.isArray(state) ? state : [state]).filter(Boolean);
  const byId = (id) => places.groups.flatMap((group) => group.options).find((option) => option.value === id) ?? asOption(id, id);
  return values.map((value) => (typeof value === "string" ? byId(value) : value));
}

function valueOf(options, key, many) {
  const values = key.startsWith("selected_option") ? options : options.map((option) => option.value);
  return many ? values : (values[0] ?? null);
}

/** Every word of the query must stand in the label, the description or the group's label. */
function filtered({ groups }, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return { groups };
  const fits = (group) => (option) => {
    const text = decode(`${option.text.text} ${option.description?.text ?? ""} ${group.label ?? ""}`).toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return { groups: groups.map((group) => ({ ...group, options: group.options.filter(fits(group)) })).filter((group) => group.options.length) };
}
