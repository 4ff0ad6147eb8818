/* The demonstration's clock and the buttons that move it. */

import { post } from "./server.js";
import { dayAndClock, fieldValue } from "./time.js";

const COUNTED_FOR = 3500;

export class ClockBar {
  constructor(tell) {
    this.tell = tell;
    this.fired = null;
    this.now = document.getElementById("now");
    document.getElementById("hour").addEventListener("click", () => this.move({ hours: 1 }));
    document.getElementById("morning").addEventListener("click", () => this.move({ to: "next-morning" }));
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

  set(clock) {
    this.frozen = clock.frozen;
    this.behind = new Date(clock.now).getTime() - performance.now();
    this.draw();
  }

  draw() {
    if (this.behind === undefined) return;
    const moment = this.behind + performance.now();
    this.now.dateTime = new Date(moment).toISOString();
    this.now.textContent = dayAndClock(moment);
  }

  async move(wanted) {
    this.fired = 0;
    try { this.set(await post("/sim/clock", wanted)); } catch (error) { this.tell(error.message); this.fired = null; return; }
    this.tell(`The clock now says ${this.now.textContent}.`);
    setTimeout(() => {
      if (this.fired) this.tell(`${this.fired} ${this.fired === 1 ? "message" : "messages"} came when the clock moved.`);
      this.fired = null;
    }, COUNTED_FOR);
  }

  saw(message) { if (this.fired !== null && message.from_bot) this.fired += 1; }
}
