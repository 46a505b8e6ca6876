import { h } from "../dom.js";
import { drawing } from "./glyphs.js";

/** The names that storage cards and people use; an unknown name stays as it was typed. */
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", lock: "🔒", unlock: "🔓",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", mag: "🔍", floppy_disk: "💾", minidisc: "💽", cd: "💿",
  package: "📦", rocket: "🚀", tada: "🎉", eyes: "👀", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎",
  wave: "👋", pray: "🙏", fire: "🔥", bulb: "💡", memo: "📝", link: "🔗", key: "🔑", gear: "⚙️", wrench: "🔧",
  bell: "🔔", clock1: "🕐", stopwatch: "⏱️", question: "❓", exclamation: "❗", information_source: "ℹ️",
  arrow_right: "➡️", arrows_counterclockwise: "🔄", red_circle: "🔴", large_green_circle: "🟢",
  large_yellow_circle: "🟡", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", snowflake: "❄️",
  scroll: "📜", bust_in_silhouette: "👤", busts_in_silhouette: "👥", smile: "😄", slightly_smiling_face: "🙂",
};
const NAMES = new Map(Object.entries(EMOJI).map(([name, sign]) => [bare(sign), name]));
const SIGN = new RegExp(`:([a-z0-9_+-]+):|(${[...NAMES.keys()].join("|")})\\uFE0F?`, "gu");

/** Without the selector that asks for colour: both forms are typed. */
function bare(sign) {
  return sign.replace("\uFE0F", "");
}

/** The text with emoji, as strings and nodes. Those drawn here look the same where no emoji font is installed. */
export function withEmoji(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(SIGN)) {
    const name = match[1] ?? NAMES.get(match[2]);
    if (!EMOJI[name]) continue;
    pieces.push(text.slice(end, match.index), emojiOf(name));
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== "");
}

export function emojiText(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (token, name) => EMOJI[name] ?? token);
}

export function emojiOf(name) {
  if (!EMOJI[name]) return `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, drawing(name) ?? EMOJI[name]);
}
