/** The page's own drawings of common emoji on a 20 × 20 grid: [background, colour, strokes]. */

const SVG = "http://www.w3.org/2000/svg";
const GREEN = "#1c9a68";
const RED = "#d5394a";
const AMBER = "#dc9413";
const BLUE = "#2f7be0";
const GREY = "#7b8794";
const TICK = "M5.8 10.4l2.9 2.9 5.5-6.4";
const HOURGLASS = "M5.5 3h9M5.5 17h9M7 3c0 4 2.6 5 3 7-.4 2-3 3-3 7M13 3c0 4-2.6 5-3 7 .4 2 3 3 3 7M8.8 15.4h2.4";
const PERSON = "M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6M4 17c.4-3.4 2.8-5 6-5s5.6 1.6 6 5";

const DRAWINGS = {
  white_check_mark: ["square", GREEN, TICK],
  heavy_check_mark: [null, GREEN, TICK],
  x: [null, RED, "M5 5l10 10M15 5 5 15"],
  warning: ["triangle", AMBER, "M10 8v3.4M10 14.2h.01"],
  no_entry: ["circle", RED, "M6 10h8"],
  information_source: ["square", BLUE, "M10 9.5v4.5M10 6.2h.01"],
  question: [null, RED, "M7 7.5a3 3 0 1 1 4.4 2.6c-1 .6-1.4 1.2-1.4 2.4M10 16h.01"],
  exclamation: [null, RED, "M10 4v8M10 16h.01"],
  hourglass: [null, AMBER, HOURGLASS],
  hourglass_flowing_sand: [null, AMBER, HOURGLASS],
  stopwatch: [null, GREY, "M10 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12M10 8v3l2 1.5M8.5 2.5h3"],
  clock1: [null, GREY, "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 6v4l2-2.5"],
  lock: [null, AMBER, "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9"],
  unlock: [null, AMBER, "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 5.7-1"],
  key: [null, AMBER, "M7 9a3.5 3.5 0 1 1 0 .01M10 10.5l6.5 5M14 13.6l-1.5 2"],
  mag: [null, BLUE, "M8.5 3.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10M12.5 12.5l4 4"],
  memo: [null, GREY, "M5 3h10v14H5zM8 7h4M8 10h4M8 13h2"],
  scroll: [null, AMBER, "M6 3h9v14H6zM8.5 7h4M8.5 10h4"],
  link: [null, GREY, "M8.5 11.5l3-3M7 9l-2 2a2.8 2.8 0 0 0 4 4l2-2M13 11l2-2a2.8 2.8 0 0 0-4-4L9 7"],
  bell: [null, AMBER, "M5 14h10l-1.5-2V9a3.5 3.5 0 0 0-7 0v3zM8.7 16.5h2.6"],
  bulb: [null, AMBER, "M8 14h4M8.5 16.5h3M8 14c0-2-2.5-2.5-2.5-5.5a4.5 4.5 0 0 1 9 0C14.5 11.5 12 12 12 14"],
  gear: [null, GREY, "M10 7.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M10 3v2M10 15v2M3 10h2M15 10h2M5 5l1.5 1.5M13.5 13.5 15 15M15 5l-1.5 1.5M6.5 13.5 5 15"],
  wrench: [null, GREY, "M4.5 15.5l6-6M10.5 9.5a3.6 3.6 0 0 1 4.8-4.8l-2.3 2.3 1 1 2.3-2.3a3.6 3.6 0 0 1-5.3 4.3"],
  floppy_disk: [null, BLUE, "M4 4h10l2 2v10H4zM7 4v4h5V4M7 16v-4h6v4"],
  minidisc: [null, BLUE, "M4 4h12v12H4zM10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6"],
  cd: [null, BLUE, "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M10 8.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3"],
  package: [null, AMBER, "M4 6.5 10 3.5l6 3v7l-6 3-6-3zM4 6.5l6 3 6-3M10 9.5v7"],
  rocket: [null, BLUE, "M8 12c0-4.5 3-8 8-8 0 5-3.5 8-8 8zM8 12l-3.5.500L7 8.5M8 12l3.5 3.5.500-3.5M4.5 15.5 7 13"],
  tada: [null, AMBER, "M4 16l3.5-8.5L12.5 12.5zM11 4.5c1 1 1 2 0 3M15.5 9c-1-1-2-1-3 0M14.5 4.5h.01M16.5 6.5h.01"],
  eyes: [null, GREY, "M6.5 5c1.4 0 2.5 2.2 2.5 5s-1.1 5-2.5 5S4 12.8 4 10s1.1-5 2.5-5M13.5 5c1.4 0 2.5 2.2 2.5 5s-1.1 5-2.5 5-2.5-2.2-2.5-5 1.1-5 2.5-5M6.5 11h.01M13.5 11h.01"],
  arrow_right: ["square", BLUE, "M5.5 10h9M10.5 6l4 4-4 4"],
  arrows_counterclockwise: ["square", BLUE, "M14.5 8.5A5 5 0 0 0 6 7.5M5.5 11.5A5 5 0 0 0 14 12.5M6 4.8v2.7h2.7M14 15.2v-2.7h-2.7"],
  snowflake: [null, BLUE, "M10 3v14M4 6.5l12 7M16 6.5l-12 7"],
  bust_in_silhouette: [null, GREY, PERSON],
  busts_in_silhouette: [null, GREY, PERSON],
  red_circle: ["circle", RED, ""],
  large_green_circle: ["circle", GREEN, ""],
  large_yellow_circle: ["circle", "#e5b425", ""],
  large_blue_circle: ["circle", BLUE, ""],
  white_circle: ["circle", "#c5cdd6", ""],
  black_circle: ["circle", "#3a424c", ""],
};
const BACKGROUNDS = {
  circle: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  square: "M5.5 2.5h9a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3h-9a3 3 0 0 1-3-3v-9a3 3 0 0 1 3-3z",
  triangle: "M10 3 17.5 16.5h-15z",
};

export function drawing(name) {
  const found = DRAWINGS[name];
  if (!found) return null;
  const [background, color, strokes] = found;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  if (background) svg.append(path(BACKGROUNDS[background], color, color));
  if (strokes) svg.append(path(strokes, "none", background ? "#fff" : color));
  return svg;
}

function path(d, fillColor, strokeColor) {
  const node = document.createElementNS(SVG, "path");
  node.setAttribute("d", d);
  node.setAttribute("fill", fillColor);
  node.setAttribute("stroke", strokeColor);
  return node;
}
