/* What lies over a chat for a moment: notes, alerts, lists to choose from. */

import { el } from "./dom.js";

export function toast(node, words) {
  node.querySelector(".toast")?.remove();
  const note = el("p", { class: "toast", role: "status" }, words);
  node.append(note);
  setTimeout(() => note.remove(), Math.max(3000, words.length * 70));
}

export function alert(node, words) {
  const before = document.activeElement;
  const close = () => { box.remove(); before?.focus?.(); };
  const ok = el("button", { type: "button", onclick: close }, "OK");
  const box = el("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": "Message from the bot" },
    el("div", {}, el("p", {}, words), ok));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") { event.preventDefault(); ok.focus(); }
  });
  node.append(box);
  ok.focus();
}

export function closeSheets(node) {
  const open = node.querySelectorAll(".sheet");
  for (const sheet of open) sheet.remove();
  return open.length > 0;
}

/** entries: [what the button shows, what it does]. */
export function sheet(node, entries, { place = "", label = "Menu", leave = () => {} } = {}) {
  closeSheets(node);
  const items = entries.map(([shown, act]) => el("li", {},
    el("button", { type: "button", onclick: () => { closeSheets(node); act(); } }, ...[shown].flat())));
  const list = el("ul", { class: `sheet ${place}`, "aria-label": label }, ...items);
  list.addEventListener("keydown", (event) => walk(list, event, leave));
  node.append(list);
  return list;
}

/** Arrow keys go through a list; up from its first entry leaves it. */
export function walk(list, event, leave) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons.indexOf(document.activeElement) + step;
  if (next < 0) leave(); else buttons[next % buttons.length]?.focus();
}
