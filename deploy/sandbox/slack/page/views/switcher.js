import { fill, h, icon } from "../dom.js";
import { openListbox } from "../render/listbox.js";
import { avatar, nameOf, roleOf } from "./avatar.js";

const ROLE_ORDER = ["requester", "approver", "security", "outsider", "guest", "stranger"];

/** Who am I: the person in whose name the page speaks. Alt+1 to Alt+9 switch without the mouse. */
export function createSwitcher({ store, session }) {
  const node = h("button", { type: "button", class: "switcher", "data-testid": "switcher", "aria-haspopup": "listbox", "aria-expanded": "false" });
  node.addEventListener("click", () =>
    openListbox({
      anchor: node,
      label: "Act as",
      load: () => ({ groups: [{ label: "Act as", options: peopleOf(store).map(option) }] }),
      row: ({ user, number }) => personRow(user, number),
      isPicked: ({ value }) => value === store.user,
      width: 360,
      onPick: ({ value }) => value !== store.user && session.become(value),
    }),
  );
  addEventListener("keydown", (event) => shortcut(event, store, session));
  store.on("session", () => draw(node, store.session.me));
  return node;
}

function draw(node, me) {
  node.dataset.user = me.id;
  node.setAttribute("aria-label", `You are ${nameOf(me)}, ${roleOf(me)}. Switch person`);
  fill(node, avatar(me), h("span", { class: "switcher-text" }, h("span", { class: "switcher-name" }, nameOf(me)), h("span", { class: "switcher-role" }, `You · ${roleOf(me)}`)), icon("updown"));
}

function peopleOf(store) {
  const place = (user) => ROLE_ORDER.indexOf(user.role);
  const people = store.session.people.filter((user) => user.role !== "bot");
  return people.sort((one, other) => place(one) - place(other) || one.name.localeCompare(other.name));
}

function option(user, index) {
  return { value: user.id, user, number: index + 1, text: { type: "plain_text", text: nameOf(user) } };
}

function personRow(user, number) {
  const row = h("span", { class: "person", "data-user": user.id }, avatar(user, "avatar-medium"), h("span", { class: "person-name" }, nameOf(user)), h("span", { class: `role role-${user.role}` }, roleOf(user)), number < 10 && h("kbd", {}, `Alt ${number}`));
  return [row];
}

function shortcut(event, store, session) {
  if (!event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const digit = /^Digit([1-9])$/.exec(event.code);
  const user = digit && store.session && peopleOf(store)[Number(digit[1]) - 1];
  if (!user) return;
  event.preventDefault();
  if (user.id !== store.user) session.become(user.id);
}
