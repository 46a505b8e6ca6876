import { h } from "../dom.js";
import { formatDate } from "../time.js";
import { emojiOf } from "./emoji.js";
import { channelLink, decode, link, mention } from "./mrkdwn.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

export function richText(block, names) {
  return block.elements.map((element) => SECTIONS[element.type]?.(element, names) ?? null);
}

const SECTIONS = {
  rich_text_section: (element, names) => h("p", { class: "rich" }, leaves(element, names)),
  rich_text_quote: (element, names) => h("blockquote", {}, leaves(element, names)),
  rich_text_preformatted: (element, names) => h("pre", {}, leaves(element, names)),
  rich_text_list: (element, names) =>
    h(
      element.style === "ordered" ? "ol" : "ul",
      { class: "rich", start: element.offset ? element.offset + 1 : null, vars: { "--indent": element.indent ?? 0 } },
      element.elements.map((item) => h("li", {}, leaves(item, names))),
    ),
};

function leaves(element, names) {
  return element.elements.flatMap((leaf) => styled(leaf, LEAVES[leaf.type]?.(leaf, names) ?? [leaf.text ?? ""]));
}

const LEAVES = {
  text: (leaf) => textLines(leaf.text),
  link: (leaf) => [link(leaf.url, leaf.text ?? leaf.url)],
  user: (leaf, names) => [mention(leaf.user_id, null, names)],
  usergroup: (leaf) => [h("span", { class: "mention" }, `@${leaf.usergroup_id}`)],
  channel: (leaf, names) => [channelLink(leaf.channel_id, null, names)],
  emoji: (leaf) => [emojiOf(leaf.name)],
  broadcast: (leaf) => [h("span", { class: "mention mention-all" }, `@${leaf.range}`)],
  date: (leaf) => [h("time", {}, formatDate(leaf.timestamp, leaf.format))],
  color: (leaf) => [h("code", {}, leaf.value)],
};

function textLines(text) {
  return decode(text).split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function styled(leaf, nodes) {
  return Object.entries(leaf.style ?? {})
    .filter(([name, on]) => on && STYLE_TAGS[name])
    .reduce((inner, [name]) => [h(STYLE_TAGS[name], {}, inner)], nodes);
}
