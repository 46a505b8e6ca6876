/**
 * mrkdwn as DOM nodes. The text is treated as hostile: it is cut into tokens, and every piece ends as a text node;
 * entities are decoded last, so that an escaped "<" never becomes a token (docs.slack.dev: formatting message text).
 */
import { h } from "../dom.js";
import { formatDate } from "../time.js";
import { emojiText, withEmoji } from "./emoji.js";

const FENCE = /```([\s\S]+?)```/g;
const SAFE_LINK = /^(https?:\/\/|mailto:)/i;
const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"”])/g;
const STYLES = [
  ["*", "strong"],
  ["_", "em"],
  ["~", "s"],
];

export function decode(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** A text object of either type, as nodes. */
export function textNodes(text, names) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, names);
  const plain = decode(text.text);
  return lines(text.emoji === false ? [plain] : withEmoji(plain));
}

export function plainOf(text) {
  return text ? emojiText(decode(text.text)) : "";
}

export function mrkdwn(source, names) {
  const nodes = [];
  let end = 0;
  for (const match of source.matchAll(FENCE)) {
    nodes.push(...paragraphs(source.slice(end, match.index), names));
    nodes.push(h("pre", {}, inlineTokens(match[1].replace(/^\n|\n$/g, ""), names, false)));
    end = match.index + match[0].length;
  }
  nodes.push(...paragraphs(source.slice(end), names));
  return nodes;
}

function paragraphs(source, names) {
  const trimmed = source.replace(/^\n|\n$/g, "");
  if (!trimmed) return [];
  const parts = [];
  for (const line of trimmed.split("\n")) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const last = parts.at(-1);
    if (last && last.quote === Boolean(quote)) last.lines.push(quote ? quote[1] : line);
    else parts.push({ quote: Boolean(quote), lines: [quote ? quote[1] : line] });
  }
  return parts.flatMap((part) => paragraph(part, names));
}

function paragraph(part, names) {
  const nodes = part.lines.flatMap((line, index) => [...(index ? [h("br")] : []), ...inlineTokens(line, names, true)]);
  return part.quote ? [h("blockquote", {}, nodes)] : nodes;
}

/** Code and <…> tokens are found first: no style reaches into them. A style may go around them. */
function inlineTokens(source, names, styled) {
  const atoms = [];
  const marked = source.replace(TOKEN, (whole, angle, code, url) => {
    if (!styled && !angle && !url) return whole;
    atoms.push(angle ? angleToken(angle, names) : code ? h("code", {}, decode(code)) : link(url, url));
    return `\u0000${atoms.length - 1}\u0000`;
  });
  return styled ? styles(marked, atoms) : leaves(marked, atoms, false);
}

function styles(source, atoms) {
  const found = firstStyle(source);
  if (!found) return leaves(source, atoms, true);
  const { start, end, tag } = found;
  return [
    ...leaves(source.slice(0, start), atoms, true),
    h(tag, {}, styles(source.slice(start + 1, end), atoms)),
    ...styles(source.slice(end + 1), atoms),
  ];
}

/** The leftmost marker that opens after a non-word character and closes before one: `a_b_c` stays as it is. */
function firstStyle(source) {
  let best = null;
  for (const [mark, tag] of STYLES) {
    const escaped = `\\${mark}`;
    const pattern = new RegExp(`(?<![\\w${escaped}])${escaped}(?=[^\\s${escaped}])([^\\n]*?[^\\s${escaped}])${escaped}(?![\\w${escaped}])|(?<![\\w${escaped}])${escaped}([^\\s${escaped}])${escaped}(?![\\w${escaped}])`);
    const match = pattern.exec(source);
    if (match && (!best || match.index < best.start)) {
      best = { start: match.index, end: match.index + match[0].length - 1, tag };
    }
  }
  return best;
}

function leaves(source, atoms, emoji) {
  return source.split("\u0000").flatMap((piece, index) => {
    if (index % 2) return [atoms[Number(piece)]];
    if (!piece) return [];
    return emoji ? withEmoji(decode(piece)) : [decode(piece)];
  });
}

function lines(pieces) {
  return pieces.flatMap((piece) => (typeof piece === "string" ? broken(piece) : [piece]));
}

function broken(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function angleToken(body, names) {
  const [target, label] = split(body);
  if (target.startsWith("@")) return mention(target.slice(1), label, names);
  if (target.startsWith("#")) return channelLink(target.slice(1), label, names);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return SAFE_LINK.test(target) ? link(target, label ?? target) : decode(`<${body}>`);
}

function split(body) {
  const bar = body.indexOf("|");
  return bar < 0 ? [body, null] : [body.slice(0, bar), body.slice(bar + 1)];
}

export function mention(id, label, names) {
  const mine = id === names.me;
  const user = names.user(id);
  return h("span", { class: mine ? "mention mention-me" : "mention", "data-user": id }, `@${user.unknown && label ? decode(label) : user.name}`);
}

export function channelLink(id, label, names) {
  const name = names.channel(id)?.name ?? (label || "private channel");
  return h("a", { class: "mention", href: `#user=${names.me}&channel=${id}` }, `#${name}`);
}

function special(target, label) {
  const [name, ...rest] = target.split("^");
  if (name === "date") return h("time", {}, formatDate(rest[0], decode(rest[1] ?? "")) || decode(label ?? ""));
  if (name === "subteam") return h("span", { class: "mention" }, decode(label ?? `@${rest[0]}`));
  return h("span", { class: "mention mention-all" }, `@${name}`);
}

export function link(target, label) {
  const address = decode(target);
  if (!SAFE_LINK.test(address)) return decode(label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, decode(label));
}
