/* One person's chat (or a group seen by one of its members): messages, message box, menus. */

import { Composer } from "./composer.js";
import { avatar, el, icon } from "./dom.js";
import { Foot } from "./foot.js";
import { messageView } from "./message.js";
import { alert, closeSheets, sheet, toast } from "./overlays.js";
import { get, post, save } from "./server.js";
import { day } from "./time.js";

const THINGS = [["photo", "Picture"], ["document", "Document"], ["voice", "Voice message"], ["location", "Location"],
  ["contact", "Contact"], ["sticker", "Sticker"]];

export class Chat {
  constructor(owner, group, bot, tell) {
    this.owner = owner;
    this.group = group;
    this.bot = bot;
    this.tell = tell;
    this.id = group ? group.id : owner.id;
    this.path = `/sim/people/${owner.id}`;
    this.messages = new Map();
    this.removed = new Set();
    this.unread = 0;
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", tabIndex: 0,
      "aria-label": `Messages of ${this.name}` });
    this.state = el("p", {}, this.usual);
    this.composer = new Composer(this);
    this.foot = new Foot(this);
    this.menu = el("button", { type: "button", class: "icon", "aria-label": `More for ${this.name}`,
      onclick: () => this.more() }, icon("more"));
    this.finder = el("input", { type: "search", class: "finder", hidden: true, placeholder: "Find in this chat",
      "aria-label": `Find in the chat of ${this.name}`, oninput: () => this.filter(),
      onkeydown: (event) => { if (event.key === "Escape") this.find(false); } });
    this.node = el("section", { class: "chat", "aria-label": `Chat of ${this.name}` },
      el("header", { class: "chat-head" }, avatar(this.id, this.name),
        el("div", { class: "chat-title" }, el("h2", {}, this.name), this.state), this.menu),
      this.finder, this.list, this.foot.node);
    this.node.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeSheets(); });
    this.node.classList.toggle("away", this.away);
    this.stayAtEnd();
  }

  get name() { return this.group ? this.group.title : this.owner.name; }
  get usual() {
    if (this.group) return `group, you speak as ${this.owner.name}`;
    return this.owner.offline ? "offline" : `with ${this.bot.name}`;
  }

  async load() {
    const view = await get(this.group ? `/sim/groups/${this.id}/chat` : `${this.path}/chat`);
    this.version = view.version;
    const newer = [...this.messages.values()].filter((message) => message.changed > view.version);
    this.messages = new Map([...view.messages, ...newer].map((message) => [message.message_id, message]));
    for (const id of this.removed) this.messages.delete(id);
    this.draw();
  }

  put(message) {
    const isNew = !this.messages.has(message.message_id);
    this.messages.set(message.message_id, message);
    this.version = Math.max(this.version ?? 0, message.changed);
    if (!message.from_bot) this.newAfter = undefined;
    if (message.from_bot) this.state.textContent = this.usual;
    this.draw(isNew ? message.message_id : null);
    return isNew;
  }

  remove(messageId) {
    this.messages.delete(messageId);
    this.removed.add(messageId);
    this.draw();
  }

  draw(fresh = null) {
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 90;
    const focused = this.focusedButton();
    const nodes = [];
    let lastDay = "";
    let marked = this.newAfter === undefined;
    for (const message of this.messages.values()) {
      const today = day(message.date);
      if (today !== lastDay) nodes.push(el("p", { class: "day" }, today));
      lastDay = today;
      if (!marked && message.from_bot && message.changed > this.newAfter) {
        nodes.push(el("p", { class: "unread-line" }, "New"));
        marked = true;
      }
      const node = this.oneMessage(message);
      if (message.message_id === fresh) node.classList.add("fresh");
      nodes.push(node);
    }
    this.list.replaceChildren(...nodes);
    this.filter();
    if (focused) this.list.querySelector(`[data-id="${focused.id}"]`)?.querySelectorAll(".buttons button")[focused.index]?.focus();
    this.foot.draw();
    if (atEnd || fresh !== null) this.toEnd();
  }

  focusedButton() {
    const button = document.activeElement;
    const message = button?.closest(".message");
    if (!message || !this.list.contains(message) || !button.closest(".buttons")) return null;
    return { id: message.dataset.id, index: [...message.querySelectorAll(".buttons button")].indexOf(button) };
  }

  oneMessage(message) {
    if (message.note?.endsWith("joined the group")) return el("p", { class: "note-line" }, message.note);
    const node = messageView(message, message.from_id === this.owner.id, {
      press: (...pressed) => this.press(...pressed), edit: (own) => this.composer.edit(own), inGroup: Boolean(this.group),
    });
    node.dataset.id = message.message_id;
    return node;
  }

  /** When the room for messages changes, whoever was at the end stays there. */
  stayAtEnd() {
    let atEnd = true;
    this.list.addEventListener("scroll", () => { atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 90; });
    new ResizeObserver(() => { if (atEnd) this.toEnd(); }).observe(this.list);
  }

  /** Shows the end; a last message too tall for the list is shown from its beginning. */
  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    const last = this.list.lastElementChild;
    if (last && last.offsetHeight > this.list.clientHeight) last.scrollIntoView({ block: "start" });
    for (const picture of this.list.querySelectorAll("img")) {
      if (!picture.complete) picture.addEventListener("load", () => this.toEnd(), { once: true });
    }
  }

  /** Shows one message, marked for a moment. */
  async point(messageId) {
    const node = this.list.querySelector(`[data-id="${messageId}"]`);
    node?.scrollIntoView({ block: "nearest" });
    node?.classList.add("pointed");
    setTimeout(() => node?.classList.remove("pointed"), 2500);
  }

  async attempt(step) {
    try { return await step(); } catch (error) { this.toast(error.message); return null; }
  }

  say(text) {
    const path = this.group ? `/sim/groups/${this.id}/say` : `${this.path}/say`;
    return this.attempt(() => post(path, this.group ? { person: this.owner.id, text } : { text }));
  }

  edit(message, text) {
    return this.attempt(() => post(`${this.path}/edit`, { message_id: message.message_id, text }));
  }

  async press(message, button, node) {
    if (button.callback_data === undefined) { this.toast("This kind of button does nothing here."); return; }
    node.classList.add("waiting");
    await this.attempt(() => post(`${this.path}/press`, { message_id: message.message_id, data: button.callback_data }));
    setTimeout(() => node.classList.remove("waiting"), 5000);
  }

  setBlocked(blocked) {
    return this.attempt(() => post(`${this.path}/${blocked ? "block" : "unblock"}`, {}));
  }

  setOnline(online) {
    return this.attempt(() => post(`${this.path}/${online ? "online" : "offline"}`, {}));
  }

  get away() { return Boolean(this.owner.offline && !this.group); }

  /** What is known of the owner now; coming back online shows what has waited. */
  async meet(owner) {
    const cameBack = this.away && !owner.offline;
    const version = this.version;
    this.owner = owner;
    this.state.textContent = this.usual;
    this.node.classList.toggle("away", this.away);
    if (cameBack) {
      this.newAfter = version;
      await this.load();
      this.toEnd();
      this.list.querySelector(".unread-line")?.scrollIntoView({ block: "start" });
    }
    this.foot.draw();
  }

  answered(answer) {
    for (const waiting of this.list.querySelectorAll(".waiting")) waiting.classList.remove("waiting");
    if (!answer.text) return;
    if (answer.show_alert) alert(this.node, answer.text); else this.toast(answer.text);
  }

  acting(action) {
    this.state.textContent = action === "typing" ? `${this.bot.name} is typing…` : `${this.bot.name} is sending something…`;
    clearTimeout(this.actingTimer);
    this.actingTimer = setTimeout(() => { this.state.textContent = this.usual; }, 5000);
  }

  toast(words) { toast(this.node, words); }

  find(open) {
    this.finder.hidden = !open;
    this.finder.value = "";
    this.filter();
    if (open) this.finder.focus(); else this.toEnd();
  }

  filter() {
    const wanted = this.finder.value.trim().toLowerCase();
    for (const node of this.list.children) {
      const message = this.messages.get(Number(node.dataset.id));
      node.hidden = Boolean(wanted && message && !message.text.toLowerCase().includes(wanted));
    }
  }

  closeSheets() { return closeSheets(this.node); }

  choose(entries, place) {
    if (this.closeSheets()) return;
    sheet(this.node, entries, { place }).querySelector("button").focus();
  }

  more() {
    const find = ["Find in this chat", () => this.find(this.finder.hidden)];
    this.choose(this.group ? [find] : [
      find,
      ["Save transcript (Markdown)", () => save(`${this.path}/transcript?format=md`)],
      ["Save transcript (text)", () => save(`${this.path}/transcript?format=text`)],
      this.owner.offline ? ["Go online", () => this.setOnline(true)] : ["Go offline", () => this.setOnline(false)],
      this.owner.blocked ? ["Unblock the bot", () => this.setBlocked(false)] : ["Block the bot", () => this.setBlocked(true)],
    ], "below");
  }

  attach() {
    const samples = THINGS.map(([kind, label]) => [`Send a sample: ${label.toLowerCase()}`,
      () => this.attempt(() => post(`${this.path}/send`, { kind }))]);
    this.choose([...samples, ["Ask the bot inline", () => this.composer.askInline()]], "");
  }
}
