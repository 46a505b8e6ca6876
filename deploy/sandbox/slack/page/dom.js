/** Builds elements. Text only ever becomes text nodes: what people, hosts and arrays wrote is never parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: f, vars: {"--c": "red"}}, "text", node, null) */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) apply(node, name, value);
  node.append(...present(children));
  return node;
}

function apply(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "vars") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** Gives `parent` exactly these children; those that stay are not moved, so focus and open menus live on. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const there = parent.childNodes[index];
    if (there !== node) parent.insertBefore(node, there ?? null);
  });
}

/** Stroke icons on a 20 × 20 grid, drawn for this page. */
const ICONS = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  shared: "M7.5 10a3 3 0 1 1-.1-4M12.5 10a3 3 0 1 1 .1 4M8 7.5l4 5",
  thread: "M4 4h12v9H9l-4 3.5V13H4z",
  eye: "M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4 6 10l6 6",
  send: "M3 10l14-6-5 13-2.5-5.5z",
  chevron: "M5.5 8l4.5 4.5L14.5 8",
  updown: "M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5",
  search: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M13 13l4 4",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  warning: "M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14h.01",
  bolt: "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
  down: "M10 4v12M5 11l5 5 5-5",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  disks: "M10 3c3.6 0 6 1.1 6 2.5S13.6 8 10 8 4 6.9 4 5.5 6.4 3 10 3M4 5.5V10c0 1.4 2.4 2.5 6 2.5s6-1.1 6-2.5V5.5M4 10v4.5C4 15.9 6.4 17 10 17s6-1.1 6-2.5V10",
  image: "M3.5 4.5h13v11h-13zM3.5 13l4-4 4 4 2-2 3 3M12.5 8h.01",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
