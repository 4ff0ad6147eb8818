/* The message box: Enter sends, "/" shows the bot's commands, own messages can be edited. */

import { el, icon } from "./dom.js";
import { InlineAsk } from "./inline.js";
import { sheet, walk } from "./overlays.js";
import { get } from "./server.js";

export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.editing = null;
    this.commands = [];
    this.inline = new InlineAsk(chat, () => { this.box.value = ""; });
    this.box = el("textarea", { rows: 1, placeholder: "Message", "aria-label": `Message from ${chat.owner.name}`,
      oninput: () => this.suggest(), onkeydown: (event) => this.key(event) });
    this.slash = el("button", { type: "button", class: "icon slash", "aria-label": "Commands", onclick: () => this.showAll() }, "/");
    this.clip = el("button", { type: "button", class: "icon", "aria-label": "Send a sample picture, document or place",
      hidden: Boolean(chat.group), onclick: () => chat.attach() }, icon("clip"));
    this.bar = el("div", { class: "editing", hidden: true }, el("span", {}, "Editing your message"),
      el("button", { type: "button", class: "icon", "aria-label": "Stop editing", onclick: () => this.stopEditing() }, icon("close")));
    this.keyboard = el("div");
    this.node = el("div", {}, this.bar, this.keyboard, el("form", { class: "composer", onsubmit: (event) => this.submit(event) },
      this.slash, this.clip, this.box, el("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"))));
  }

  offer(keyboard) { this.keyboard.replaceChildren(...(keyboard ? [keyboard] : [])); }

  async submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    if (this.inline.heard(`${text} `)) { this.inline.ask(text.slice(this.inline.start.length)); return; }
    const done = this.editing ? await this.chat.edit(this.editing, text) : await this.chat.say(text);
    if (!done) return;
    this.box.value = "";
    this.stopEditing();
    this.chat.closeSheets();
  }

  edit(message) {
    this.editing = message;
    this.bar.hidden = false;
    this.box.value = message.text;
    this.box.focus();
  }

  stopEditing() {
    if (this.editing) this.box.value = "";
    this.editing = null;
    this.bar.hidden = true;
  }

  async learn() { this.commands = await get(`/sim/commands/${this.chat.owner.id}`); }

  async suggest() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.box.value);
    this.chat.closeSheets();
    if (this.inline.heard(this.box.value) || !typed) return;
    await this.learn();
    this.show(this.commands.filter((one) => one.command.startsWith(typed[1].toLowerCase())));
  }

  async showAll() {
    if (this.chat.closeSheets()) return;
    await this.learn();
    if (this.commands.length) this.show(this.commands); else this.chat.toast("This bot has set no commands.");
    this.chat.node.querySelector(".sheet button")?.focus();
  }

  show(commands) {
    this.chat.closeSheets();
    if (!commands.length) return;
    sheet(this.chat.node, commands.map((one) => [
      [el("b", {}, `/${one.command}`), el("span", {}, one.description)], () => this.choose(one),
    ]), { label: "Commands", leave: () => this.box.focus() });
  }

  askInline() {
    this.box.value = this.inline.start;
    this.box.focus();
  }

  async choose(command) {
    this.chat.closeSheets();
    this.box.value = "";
    await this.chat.say(`/${command.command}`);
    this.box.focus();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    else if (event.key === "Escape") this.stopEditing();
    else if (event.key === "ArrowDown") {
      const open = this.chat.node.querySelector(".sheet");
      if (open) walk(open, event, () => this.box.focus());
    }
  }
}
