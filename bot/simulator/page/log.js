/* The drawer with the log of API calls and the faults that can be set. */

import { el, icon } from "./dom.js";
import { clear, get, post } from "./server.js";
import { seconds } from "./time.js";

const SHOWN = 300;
const FAULTS = [["outage", "Outage for the next call"], ["slow", "Next call 5 seconds slow"],
  ["drop-before", "Next call lost before it counts"], ["drop-after", "Next answer lost after it counted"],
  ["too-many", "Next call told to wait 3 s (429)"]];
const SECONDS = { slow: 5, "too-many": 3 };

export class Log {
  constructor(drawer, button, badge) {
    Object.assign(this, { drawer, button, badge });
    this.refused = 0;
    this.list = el("ol", { tabIndex: 0, "aria-label": "Calls, newest first" });
    this.only = el("input", { type: "checkbox", onchange: () => this.filter() });
    this.fault = el("select", { "aria-label": "Fault" }, ...FAULTS.map(([value, label]) => el("option", { value }, label)));
    this.set = el("p", { class: "log-faults" });
    drawer.append(
      el("div", { class: "log-head" }, el("h2", {}, "API calls"),
        el("button", { type: "button", class: "icon", "aria-label": "Close the log", onclick: () => this.toggle() }, icon("close"))),
      el("div", { class: "log-tools" }, el("label", {}, this.only, "Refusals only"), this.fault,
        el("button", { type: "button", onclick: () => this.cause() }, "Set fault"),
        el("button", { type: "button", onclick: () => this.mend() }, "Clear"), this.set),
      this.list);
    button.addEventListener("click", () => this.toggle());
    drawer.addEventListener("keydown", (event) => { if (event.key === "Escape") this.toggle(); });
  }

  async load() {
    this.list.replaceChildren();
    this.refused = 0;
    for (const call of (await get("/sim/calls")).slice(-SHOWN)) this.add(call);
    this.showFaults(await get("/sim/faults"));
  }

  add(call) {
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

  async cause() {
    await post("/sim/faults", { kind: this.fault.value, count: 1, seconds: SECONDS[this.fault.value] ?? 1 });
    this.showFaults(await get("/sim/faults"));
  }

  async mend() { this.showFaults(await clear("/sim/faults")); }

  showFaults(faults) {
    const waiting = faults.filter((fault) => fault.count !== 0).map((fault) => fault.kind);
    this.set.textContent = waiting.length ? `Set: ${waiting.join(", ")}` : "";
  }

  toggle() {
    this.drawer.hidden = !this.drawer.hidden;
    this.button.setAttribute("aria-expanded", String(!this.drawer.hidden));
    if (this.drawer.hidden) this.button.focus(); else this.drawer.querySelector("button").focus();
  }
}
