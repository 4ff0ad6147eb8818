/* Asking the bot inline: “@bot words” in the message box brings results to choose from. */

import { el } from "./dom.js";
import { closeSheets, sheet } from "./overlays.js";
import { post } from "./server.js";

const PAUSE = 350;

export class InlineAsk {
  constructor(chat, clear) {
    this.chat = chat;
    this.clear = clear;
    this.asked = 0;
  }

  get start() { return `@${this.chat.bot.username} `; }

  /** Whether the text is an inline query; asks it after a short pause in typing. */
  heard(text) {
    clearTimeout(this.timer);
    if (this.chat.group || !text.toLowerCase().startsWith(this.start.toLowerCase())) return false;
    this.timer = setTimeout(() => this.ask(text.slice(this.start.length)), PAUSE);
    return true;
  }

  async ask(query) {
    clearTimeout(this.timer);
    const mine = ++this.asked;
    this.say("Asking…");
    const answer = await this.chat.attempt(() => post(`${this.chat.path}/inline?wait=4`, { query }));
    if (mine !== this.asked) return;
    if (!answer?.results?.length) { this.say("The bot offers nothing here."); return; }
    sheet(this.chat.node, answer.results.map((result) => [
      [el("b", {}, result.title), el("span", {}, result.description)], () => this.choose(answer.query_id, result.id),
    ]), { label: "Inline results" });
  }

  say(words) {
    closeSheets(this.chat.node);
    this.chat.node.append(el("ul", { class: "sheet", "aria-label": "Inline results" }, el("li", { class: "hint", role: "status" }, words)));
  }

  async choose(queryId, resultId) {
    this.clear();
    await this.chat.attempt(() => post(`${this.chat.path}/inline`, { query_id: queryId, result_id: resultId }));
  }
}
