const FOCUSABLE = "button, input, textarea, select, a[href], [tabindex]:not([tabindex='-1'])";

function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => !node.disabled && node.getClientRects().length);
}

/** Tab goes round inside: a dialog's last control leads to its first. */
export function trapTab(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = focusables(root);
    const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (document.activeElement !== from && root.contains(document.activeElement)) return;
    event.preventDefault();
    to?.focus();
  });
}

/** Where the focus stands inside a surface, by the element's ids, to be given back after it was drawn again. */
export function rememberFocus(root) {
  const node = root.contains(document.activeElement) ? document.activeElement : null;
  const place = node?.closest("[data-action-id]");
  if (!place) return () => false;
  const { actionId, blockId } = place.dataset;
  const ts = place.closest("[data-ts]")?.dataset.ts;
  const range = "selectionStart" in node ? [node.selectionStart, node.selectionEnd] : null;
  return () => {
    const scope = ts ? root.querySelector(`[data-ts="${CSS.escape(ts)}"]`) : root;
    const again = scope?.querySelector(`[data-action-id="${CSS.escape(actionId)}"][data-block-id="${CSS.escape(blockId)}"]`);
    again?.focus({ preventScroll: true });
    if (again && range && range[0] !== null && "setSelectionRange" in again) again.setSelectionRange(...range);
    return Boolean(again);
  };
}

export function focusFirst(root) {
  (root.querySelector("[autofocus]") ?? focusables(root)[0])?.focus();
}
