import { h, icon } from "../dom.js";
import { SERVICE_USER } from "../state/store.js";

/** A coloured tile with initials; the app's own has the disks. */
export function avatar(user, size = "") {
  if (user.id === SERVICE_USER) return h("span", { class: `avatar ${size} avatar-service`, "aria-hidden": "true" }, icon("warning"));
  const color = user.color ? `#${user.color.replace(/^#/, "")}` : "#6b7684";
  return h(
    "span",
    { class: `avatar ${size} ${user.is_bot ? "avatar-app" : ""}`, vars: { "--tile": color }, "aria-hidden": "true" },
    user.is_bot ? icon("disks") : initialsOf(user),
  );
}

function initialsOf(user) {
  return user.initials ?? user.name.slice(0, 2).toUpperCase();
}

const ROLES = {
  requester: "Requester",
  approver: "Approver",
  security: "Security",
  outsider: "Outsider",
  guest: "Guest",
  stranger: "Other company",
  bot: "App",
};

export function roleOf(user) {
  return ROLES[user.role] ?? user.role ?? "";
}

export function nameOf(user) {
  return user.real_name || user.name;
}
