/** A floating panel in the top layer beside its anchor: below it, or above when there is more room. */

const GAP = 6;
const EDGE = 12;
const COMFORTABLE = 260;

export function openPopover(anchor, panel, { width, onClose }) {
  const host = anchor.closest("dialog") ?? document.body;
  panel.setAttribute("popover", "manual");
  host.append(panel);
  panel.showPopover();
  place();
  anchor.setAttribute("aria-expanded", "true");
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true };
  addEventListener("resize", place, options);
  addEventListener("scroll", (event) => panel.contains(event.target) || (anchor.isConnected ? place() : close()), options);
  addEventListener("pointerdown", (event) => panel.contains(event.target) || anchor.contains(event.target) || close(), options);
  const watch = new MutationObserver(() => anchor.isConnected || close());
  watch.observe(document.body, { childList: true, subtree: true });
  return { close, place };

  function place() {
    const box = anchor.getBoundingClientRect();
    const below = innerHeight - box.bottom - GAP - EDGE;
    const above = box.top - GAP - EDGE;
    const up = below < COMFORTABLE && above > below;
    const wide = Math.min(Math.max(box.width, width), innerWidth - 2 * EDGE);
    panel.style.width = `${wide}px`;
    panel.style.maxHeight = `${Math.max(160, Math.min(440, up ? above : below))}px`;
    panel.style.left = `${Math.max(EDGE, Math.min(box.left, innerWidth - EDGE - wide))}px`;
    panel.style.top = up ? "auto" : `${box.bottom + GAP}px`;
    panel.style.bottom = up ? `${innerHeight - box.top + GAP}px` : "auto";
  }

  function close() {
    if (stop.signal.aborted) return;
    stop.abort();
    watch.disconnect();
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    onClose?.();
  }
}
