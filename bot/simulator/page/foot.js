/* What stands below a chat: the message box, Start, or why nothing can be said. */

import { el } from "./dom.js";
import { keyboardView } from "./message.js";

export class Foot {
  constructor(chat) {
    this.chat = chat;
    this.node = el("div");
    this.waiting = el("p", { role: "status" });
  }

  draw() {
    const kind = this.wanted();
    this.chat.composer.offer(kind === "composer" ? this.replyKeyboard() : null);
    if (kind === "offline") this.waiting.textContent = this.waitingWords();
    if (this.kind === kind) return;
    this.kind = kind;
    this.node.replaceChildren(...this[kind]());
  }

  wanted() {
    const { group, owner, messages } = this.chat;
    if (group) return "composer";
    if (owner.offline) return "offline";
    if (owner.blocked) return "blocked";
    return messages.size ? "composer" : "start";
  }

  composer() { return [this.chat.composer.node]; }

  start() {
    return [el("div", { class: "start" }, this.button("Start", () => this.chat.say("/start"))), this.chat.composer.node];
  }

  offline() {
    return [el("div", { class: "blocked" }, this.waiting, this.button("Go online", () => this.chat.setOnline(true))),
      this.chat.composer.node];
  }

  blocked() {
    return [el("div", { class: "blocked" }, el("p", {}, "You have blocked this bot."),
      this.button("Unblock", () => this.chat.setBlocked(false)))];
  }

  button(label, does) { return el("button", { type: "button", onclick: does }, label); }

  waitingWords() {
    const count = this.chat.owner.waiting;
    const waits = count ? `${count} ${count === 1 ? "message waits" : "messages wait"}.` : "Nothing waits yet.";
    const unsent = this.chat.owner.unsent;
    const goes = unsent ? ` ${unsent} of your own ${unsent === 1 ? "goes" : "go"} out when you are back.` : "";
    return `${this.chat.name} is offline. ${waits}${goes}`;
  }

  replyKeyboard() {
    const shown = [...this.chat.messages.values()].reverse().find((message) => message.from_bot && message.keyboard)?.keyboard;
    if (!shown?.keyboard) return null;
    const rows = shown.keyboard.map((row) => row.map((button) => (typeof button === "string" ? { text: button } : button)));
    const view = keyboardView(rows, (button) => this.button(button.text, () => this.chat.say(button.text)));
    view.classList.add("reply-keyboard");
    return view;
  }
}
