/* The demonstration's clock, the buttons that move it, and what came of a move. */

import { el, icon } from "./dom.js";
import { get, post } from "./server.js";
import { clock, dayAndClock, fieldValue } from "./time.js";

const LOOK_AGAIN = [700, 3000];

export class ClockBar {
  constructor(tell, show) {
    this.tell = tell;
    this.show = show;
    this.now = document.getElementById("now");
    this.panel = document.getElementById("fired");
    this.reminder = document.getElementById("reminder");
    document.getElementById("hour").addEventListener("click", () => this.move({ hours: 1 }));
    document.getElementById("morning").addEventListener("click", () => this.move({ to: "next-morning" }));
    this.reminder.addEventListener("click", () => this.move({ to: "next-reminder" }));
    document.getElementById("pick-form").addEventListener("submit", (event) => {
      event.preventDefault();
      event.target.closest("details").open = false;
      this.move({ to: document.getElementById("pick-when").value });
    });
    document.querySelector(".clock .pick").addEventListener("toggle", (event) => {
      const field = document.getElementById("pick-when");
      if (event.target.open) field.min = field.value = fieldValue(this.behind + performance.now() + 60_000);
    });
    setInterval(() => this.draw(), 1000);
  }

  set(moment) {
    this.behind = new Date(moment.now).getTime() - performance.now();
    this.draw();
  }

  draw() {
    if (this.behind === undefined) return;
    const moment = this.behind + performance.now();
    this.now.dateTime = new Date(moment).toISOString();
    this.now.textContent = dayAndClock(moment);
  }

  async move(wanted) {
    this.close();
    const mine = this.moved;
    let answer;
    try { answer = await post("/sim/clock", wanted); } catch (error) { this.tell(error.message); return; }
    this.set(answer);
    this.list(answer.fired);
    for (const wait of LOOK_AGAIN) {
      setTimeout(async () => { if (mine === this.moved) this.list((await get("/sim/clock")).fired); }, wait);
    }
  }

  /** What the bot said after the move; a tap goes to the message. */
  list(fired) {
    if (!fired.length) { this.tell(`The clock now says ${this.now.textContent}. Nothing came.`); return; }
    this.tell("");
    const words = `${this.now.textContent}: ${fired.length} ${fired.length === 1 ? "message" : "messages"} came`;
    this.panel.replaceChildren(
      el("header", {}, el("h2", {}, words),
        el("button", { type: "button", class: "icon", "aria-label": "Close the list", onclick: () => this.close() }, icon("close"))),
      el("ul", {}, ...fired.map((one) => el("li", {}, el("button", { type: "button", onclick: () => this.go(one) },
        el("span", { class: "fired-head" }, el("b", {}, one.chat), el("time", {}, clock(one.at))),
        el("span", { class: "fired-words" }, one.text.split("\n").join(" · ")))))));
    this.panel.hidden = false;
  }

  go(one) {
    this.close();
    this.show(one.chat_id, one.message_id);
  }

  /** A list that was closed stays closed: later looks of the same move are dropped. */
  close() {
    this.moved = (this.moved ?? 0) + 1;
    this.moved = (this.moved ?? 0) + 1;
    this.panel.hidden = true;
  }
}
