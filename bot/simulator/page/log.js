/* The drawer with the log of API calls; the faults that can be set stand above it. */

import { el, icon } from "./dom.js";
import { get } from "./server.js";
import { seconds } from "./time.js";

const SHOWN = 300;

export class Log {
  constructor(drawer, button, badge) {
    Object.assign(this, { drawer, button, badge });
    this.refused = 0;
    this.newest = 0;
    this.list = el("ol", { tabIndex: 0, "aria-label": "Calls, newest first" });
    this.only = el("input", { type: "checkbox", onchange: () => this.filter() });
    button.addEventListener("click", () => this.toggle());
  }

  /** Puts the drawer together, with the faults in it. */
  fill(faults) {
    this.drawer.replaceChildren(
      el("div", { class: "log-head" }, el("h2", {}, "API calls"),
        el("button", { type: "button", class: "icon", "aria-label": "Close the log", onclick: () => this.toggle() }, icon("close"))),
      el("div", { class: "log-tools" }, faults.list, faults.node, el("label", {}, this.only, "Refusals only")),
      this.list);
  }

  async load() {
    this.list.replaceChildren();
    this.refused = 0;
    this.newest = 0;
    for (const call of (await get("/sim/calls")).slice(-SHOWN)) this.add(call);
  }

  add(call) {
    if (call.number <= this.newest) return;
    this.newest = call.number;
    this.list.prepend(this.line(call));
    if (this.list.childElementCount > SHOWN) this.list.lastElementChild.remove();
    if (!call.ok) this.refused += 1;
    this.badge.hidden = !this.refused;
    this.badge.replaceChildren(String(this.refused), el("span", { class: "word" }, " refused"));
  }

  line(call) {
    const given = Object.entries(call.given).map(([name, value]) => `${name}: ${value}`).join("\n");
    const node = el("li", { class: call.ok ? "" : "refused" },
      el("div", { class: "line" }, el("time", {}, seconds(call.at)), el("strong", {}, call.method),
        call.chat_id === null ? null : el("span", {}, `→ ${call.chat_id}`), el("span", { class: "ms" }, `${call.milliseconds} ms`)),
      call.ok ? null : el("div", { class: "outcome" }, `Refused: ${call.error_code} ${call.description}`),
      given ? el("details", {}, el("summary", {}, "Details"), el("pre", {}, given)) : null);
    node.hidden = this.only.checked && call.ok;
    return node;
  }

  filter() {
    for (const node of this.list.children) node.hidden = this.only.checked && !node.classList.contains("refused");
  }

  toggle() {
    this.drawer.hidden = !this.drawer.hidden;
    this.button.setAttribute("aria-expanded", String(!this.drawer.hidden));
    if (this.drawer.hidden) this.button.focus(); else this.drawer.querySelector("button").focus();
  }
}
