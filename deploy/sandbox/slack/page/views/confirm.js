import { h } from "../dom.js";
import { plainOf, textNodes } from "../render/mrkdwn.js";
import { trapTab } from "./focus.js";

/** Asks the element's own question (docs.slack.dev: confirmation dialog object). Resolves to true for its confirm button. */
export function confirmed(question, names) {
  const danger = question.style === "danger";
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { class: "dialog confirm", role: "alertdialog", "aria-labelledby": "confirm-title", "data-testid": "confirm" },
      h("h2", { id: "confirm-title" }, plainOf(question.title) || "Are you sure?"),
      h("div", { class: "text confirm-text" }, textNodes(question.text, names)),
      h("div", { class: "dialog-buttons" }, answer("deny", "button", question.deny, "Cancel"), answer("confirm", danger ? "button button-danger-solid" : "button button-primary", question.confirm, "Yes")),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
    trapTab(dialog);
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[data-answer=confirm]").focus();

    function answer(value, classes, label, fallback) {
      return h("button", { type: "button", class: classes, "data-answer": value, onclick: () => dialog.close(value) }, plainOf(label) || fallback);
    }
  });
}
