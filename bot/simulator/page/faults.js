/* Faults on purpose: a form to set them, and the list of those that are on. */

import { el } from "./dom.js";
import { clear, get, post } from "./server.js";

const KINDS = [["outage", "Outage (502)"], ["slow", "Slow answer"], ["drop-before", "Lost before it counts"],
  ["drop-after", "Answer lost after it counted"], ["too-many", "Told to wait (429)"]];
const METHODS = ["sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "deleteMessage",
  "sendPhoto", "sendDocument", "getFile", "getUpdates", "setMyCommands"];
const WITH_SECONDS = new Set(["slow", "too-many"]);

function field(label, control) {
  control.setAttribute("aria-label", label);
  return el("label", {}, label, control);
}

export class Faults {
  constructor(badge, open) {
    this.badge = badge;
    this.people = [];
    badge.addEventListener("click", open);
    this.kind = el("select", { onchange: () => this.fit() }, ...KINDS.map(([value, label]) => el("option", { value }, label)));
    this.method = el("select", {}, el("option", { value: "" }, "any call"), ...METHODS.map((name) => el("option", { value: name }, name)));
    this.person = el("select", {});
    this.words = el("input", { type: "text", placeholder: "any words" });
    this.count = el("input", { type: "number", min: 1, placeholder: "until removed" });
    this.seconds = el("input", { type: "number", min: 0, step: "0.5", value: 3 });
    this.chance = el("input", { type: "number", min: 1, max: 100, value: 100 });
    this.seed = el("input", { type: "number", value: 0 });
    this.trouble = el("p", { class: "scene-trouble", role: "alert" });
    this.waiting = field("Seconds", this.seconds);
    this.form = el("form", { class: "fault-form", onsubmit: (event) => this.cause(event) },
      field("Fault", this.kind), field("For the call", this.method), field("To", this.person),
      field("With the words", this.words), field("Times", this.count), this.waiting,
      field("Chance in %", this.chance), field("Seed", this.seed),
      el("button", { type: "submit", class: "primary" }, "Set fault"), this.trouble);
    this.list = el("ul", { class: "fault-list", "aria-label": "Faults that are on" });
    this.node = el("details", { class: "faults" }, el("summary", {}, "Faults on purpose"), this.form);
    this.fit();
    this.know([]);
  }

  async load() { this.show(await get("/sim/faults")); }

  fit() { this.waiting.hidden = !WITH_SECONDS.has(this.kind.value); }

  know(people) {
    this.people = people;
    const chosen = this.person.value;
    this.person.replaceChildren(el("option", { value: "" }, "anybody"),
      ...people.map((one) => el("option", { value: String(one.id) }, one.name)));
    this.person.value = people.some((one) => String(one.id) === chosen) ? chosen : "";
  }

  async cause(event) {
    event.preventDefault();
    const fault = { kind: this.kind.value, method: this.method.value || null, contains: this.words.value || null,
      chat_id: this.person.value ? Number(this.person.value) : null, count: this.count.value ? Number(this.count.value) : null,
      chance: Number(this.chance.value) / 100, seed: Number(this.seed.value) };
    if (WITH_SECONDS.has(fault.kind)) fault.seconds = Number(this.seconds.value);
    try {
      await post("/sim/faults", fault);
      this.trouble.textContent = "";
      this.node.open = false;
      this.node.querySelector("summary").focus();
    } catch (error) { this.trouble.textContent = error.message; }
  }

  show(faults) {
    this.badge.hidden = !faults.length;
    this.badge.replaceChildren("⚠ ", el("span", { class: "word" }, "Faults on: "), String(faults.length));
    this.badge.setAttribute("aria-label", `Faults on: ${faults.length}`);
    const lines = faults.map((fault) => el("li", {}, el("span", {}, this.wordsOf(fault)),
      el("button", { type: "button", "aria-label": `Remove: ${this.wordsOf(fault)}`,
        onclick: () => clear(`/sim/faults/${fault.number}`) }, "Remove")));
    const all = faults.length > 1 ? [el("li", {}, el("button", { type: "button", onclick: () => clear("/sim/faults") }, "Remove all"))] : [];
    this.list.replaceChildren(...lines, ...all);
  }

  wordsOf(fault) {
    const kind = KINDS.find(([value]) => value === fault.kind)[1];
    const who = this.people.find((one) => one.id === fault.chat_id)?.name;
    return [kind, fault.method, who && `to ${who}`, fault.contains && `“${fault.contains}”`,
      WITH_SECONDS.has(fault.kind) && `${fault.seconds} s`, fault.chance < 1 && `${Math.round(fault.chance * 100)}%`,
      fault.count ? `${fault.count} more` : "until removed"].filter(Boolean).join(" · ");
  }
}
