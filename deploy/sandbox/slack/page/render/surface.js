import { reasonOf } from "../api.js";
import { h, icon } from "../dom.js";
import { confirmed } from "../views/confirm.js";

/**
 * Where blocks stand: a message, a modal or the Home tab. It knows the names, what was entered, and how an
 * interaction reaches the server. `container` is the one of block_actions payloads.
 */
export function createSurface({ api, user, container, entries, names }) {
  const place = (block, element) => ({ user, container, block_id: block.block_id, action_id: element.action_id });
  return {
    kind: container.type,
    names,
    read: (block, element) => entries.read(block.block_id, element),
    /** Remembers an input; in a view the server is told, so that its next payload carries it. */
    enter(block, element, state) {
      entries.write(block.block_id, element.action_id, state);
      if (container.type !== "view") return;
      api.input({ user, view_id: container.view_id, block_id: block.block_id, action_id: element.action_id, value: state });
    },
    suggest: (block, element, value) => api.options({ ...place(block, element), value }),
    /** Sends block_actions, after the element's own question if it has one. False: it was not sent or not taken. */
    async act(node, block, element, extra, confirm = element.confirm) {
      if (confirm && !(await confirmed(confirm, names))) return false;
      const answer = await waiting(node, () => api.action({ ...place(block, element), ...extra }));
      showFailure(node, answer.ok ? null : answer.error);
      return Boolean(answer.ok);
    },
  };
}

async function waiting(node, call) {
  node.setAttribute("aria-busy", "true");
  try {
    return await call();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function showFailure(node, error) {
  const block = node.closest(".block");
  block?.parentElement?.querySelectorAll(":scope > .action-failure").forEach((old) => old.remove());
  if (!error || !block) return;
  block.after(h("p", { class: "action-failure", role: "alert" }, icon("warning"), reasonOf(error)));
}

/** An element of an input block reports only when the block asks for it. */
export function reports(block, element) {
  return block.type !== "input" || (block.dispatch_action === true && Boolean(element.action_id));
}
