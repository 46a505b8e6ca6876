import { h, icon } from "../dom.js";
import { renderElement } from "./elements.js";
import { mrkdwn, plainOf, textNodes } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** Blocks as nodes. `surface` (surface.js) carries names, entered values and the way back to the server. */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const node = (BLOCKS[block.type] ?? unknown)(block, surface);
    node.classList.add("block");
    if (block.block_id) node.dataset.blockId = block.block_id;
    return node;
  });
}

const BLOCKS = {
  header: (block) => h(`h${Math.min(6, 2 + (block.level ?? 1))}`, { class: "block-header" }, textNodes(block.text)),
  divider: () => h("hr", { class: "block-divider" }),
  section,
  context: (block, surface) => h("div", { class: "block-context" }, block.elements.map((one) => contextElement(one, surface))),
  actions: (block, surface) =>
    h("div", { class: "block-actions" }, block.elements.map((element) => renderElement(element, block, surface))),
  input,
  image: (block) => h("figure", { class: "block-image" }, block.title && h("figcaption", {}, textNodes(block.title)), picture(block)),
  rich_text: (block, surface) => h("div", { class: "block-rich" }, richText(block, surface.names)),
  markdown: (block, surface) => h("div", { class: "block-rich" }, mrkdwn(block.text, surface.names)),
  table,
};

function section(block, surface) {
  return h(
    "div",
    { class: block.accessory ? "block-section with-accessory" : "block-section" },
    h(
      "div",
      { class: "section-main" },
      block.text && h("div", { class: "text" }, textNodes(block.text, surface.names)),
      block.fields && h("div", { class: "fields" }, block.fields.map((one) => h("div", { class: "field" }, textNodes(one, surface.names)))),
    ),
    block.accessory && h("div", { class: "accessory" }, accessory(block, surface)),
  );
}

function accessory(block, surface) {
  return block.accessory.type === "image" ? picture(block.accessory) : renderElement(block.accessory, block, surface);
}

function contextElement(element, surface) {
  if (element.type === "image") return picture(element);
  return h("span", { class: "context-text" }, textNodes(element, surface.names));
}

let labels = 0;

/** A label, the element, the hint, and the place where a validation error stands. */
function input(block, surface) {
  labels += 1;
  const id = `field-${labels}`;
  const single = h("div", { class: "input-control" }, renderElement(block.element, block, surface, id));
  return h(
    "div",
    { class: "block-input", role: "group", "aria-labelledby": `${id}-label` },
    h("label", { class: "input-label", id: `${id}-label`, for: id }, textNodes(block.label), block.optional && h("span", { class: "optional" }, " (optional)")),
    single,
    h("p", { class: "input-error", role: "alert", id: `${id}-error`, hidden: true }),
    block.hint && h("p", { class: "input-hint" }, textNodes(block.hint)),
  );
}

/** Only pictures of this server are loaded: the page talks to no other host. */
function picture(image) {
  const source = image.image_url ?? image.slack_file?.url ?? null;
  const near = source && new URL(source, location.href).origin === location.origin;
  if (!near) return h("span", { class: "picture-gone", title: source }, icon("image"), image.alt_text);
  return h("img", { src: source, alt: image.alt_text, loading: "lazy" });
}

function table(block, surface) {
  const [head, ...rows] = block.rows;
  const align = (index) => block.column_settings?.[index]?.align ?? "left";
  const cell = (tag) => (one, index) => h(tag, { class: `cell-${align(index)}` }, cellNodes(one, surface));
  return h(
    "div",
    { class: "block-table", tabindex: "0" },
    h("table", {}, h("thead", {}, h("tr", {}, head.map(cell("th")))), h("tbody", {}, rows.map((row) => h("tr", {}, row.map(cell("td")))))),
  );
}

function cellNodes(cell, surface) {
  if (cell.type === "rich_text") return richText(cell, surface.names);
  return [String(cell.text ?? cell.value ?? "")];
}

function unknown(block) {
  return h("p", { class: "block-unknown" }, icon("warning"), `A block of type “${block.type}” that this page can’t draw. ${plainOf(block.title)}`);
}
