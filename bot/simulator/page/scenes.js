/* Scenes: the list to choose from, and the strip with what happens next. */

import { el, icon } from "./dom.js";
import { clear, get, post } from "./server.js";

const PAUSE = 2200;

export class Scenes {
  constructor(tell, show) {
    this.tell = tell;
    this.show = show;
    this.scenes = [];
    this.playing = null;
    this.drawer = document.getElementById("scenes");
    this.button = document.getElementById("scenes-button");
    this.strip = document.getElementById("scene");
    this.button.addEventListener("click", () => this.toggle());
  }

  async load() {
    const found = await get("/sim/scenes");
    this.scenes = found.scenes;
    this.button.hidden = !this.scenes.length;
    this.heard(found.playing);
  }

  heard(playing) {
    this.playing = playing;
    if (!playing) this.running = false;
    this.drawStrip();
    this.drawList();
  }

  get next() { return this.playing?.steps.find((step) => step.state === "next"); }
  get last() { return this.playing?.steps.filter((step) => step.state === "done" || step.state === "failed").at(-1); }

  drawStrip() {
    this.strip.hidden = !this.playing;
    if (!this.playing) return;
    const { next, last } = this;
    const count = this.playing.steps.length;
    const focused = this.strip.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.strip.replaceChildren(
      el("div", { class: "scene-words" },
        el("p", { class: "scene-title" }, this.playing.title,
          el("span", {}, next ? `step ${next.number} of ${count}` : "played to its end")),
        last?.trouble ? el("p", { class: "scene-trouble", role: "alert" }, `Not as told: ${last.trouble}`) : null,
        last?.learn ? el("p", { class: "scene-learn" }, el("b", {}, "Notice: "), last.learn) : null,
        el("p", { class: "scene-next", "aria-live": "polite" }, next ? el("b", {}, "Next: ") : null, next ? next.tell : "That was all. The people and their chats stay as they are.")),
      el("div", { class: "scene-acts" },
        next ? this.act("step", "Next step", () => this.step(), "primary") : null,
        next ? this.act("run", this.running ? "Pause" : "Play on", () => this.run()) : null,
        this.act("stop", "End scene", () => this.stop(), "quiet")));
    if (focused) (this.strip.querySelector(`[data-act="${focused}"]`) ?? this.strip.querySelector("button"))?.focus();
    for (const button of this.strip.querySelectorAll("[data-act=step]")) button.disabled = Boolean(this.busy);
  }

  act(name, label, does, kind = "") {
    const button = el("button", { type: "button", class: kind, onclick: does }, label);
    button.dataset.act = name;
    return button;
  }

  drawList() {
    this.drawer.replaceChildren(
      el("div", { class: "log-head" }, el("h2", {}, "Scenes"),
        el("button", { type: "button", class: "icon", "aria-label": "Close the scenes", onclick: () => this.toggle() }, icon("close"))),
      el("div", { class: "scene-list" },
        el("p", { class: "hint" }, "A story to watch or to take turns in. Nothing moves until you tap Next step; you may type and tap in between."),
        this.playing ? this.steps() : null,
        ...this.scenes.map((scene) => this.offer(scene))));
  }

  offer(scene) {
    const now = this.playing?.id === scene.id;
    return el("article", { class: now ? "offer now" : "offer" }, el("h3", {}, scene.title), el("p", {}, scene.about),
      el("p", { class: "offer-foot" }, el("span", {}, `${scene.steps} steps`),
        el("button", { type: "button", onclick: () => this.begin(scene), "aria-label": `${now ? "Play again" : "Play"}: ${scene.title}` },
          now ? "Play again" : "Play")));
  }

  steps() {
    const marks = { done: "✓", failed: "✗", next: "▸", later: "" };
    const words = { done: "done", failed: "not as told", next: "next", later: "later" };
    return el("section", {}, el("h3", {}, this.playing.title), el("ol", { class: "steps" }, ...this.playing.steps.map((step) =>
      el("li", { class: step.state }, el("span", { class: "mark", "aria-hidden": "true" }, marks[step.state]),
        el("span", {}, el("span", { class: "visually-hidden" }, `${words[step.state]}: `), step.tell,
          step.trouble ? el("small", {}, step.trouble) : null)))));
  }

  async begin(scene) {
    this.running = false;
    if (!this.drawer.hidden) this.toggle();
    this.tell("The cast comes in…");
    try { this.heard(await post(`/sim/scenes/${scene.id}/begin`, {})); } catch (error) { this.tell(error.message); return; }
    this.tell("");
    this.strip.querySelector("button")?.focus();
  }

  async step() {
    if (this.busy) return;
    this.busy = true;
    this.drawStrip();
    try {
      const who = this.next?.who;
      if (who) this.show(who);
      const answer = await post("/sim/scenes/next", {});
      this.busy = false;
      this.heard(answer.playing);
    } catch (error) {
      this.running = false;
      this.tell(error.message);
    }
    this.busy = false;
    this.drawStrip();
  }

  async run() {
    this.running = !this.running;
    this.drawStrip();
    while (this.running && this.next) {
      await this.step();
      if (this.last?.trouble) this.running = false;
      if (this.running && this.next) await new Promise((done) => { setTimeout(done, PAUSE); });
    }
    this.running = false;
    this.drawStrip();
  }

  async stop() {
    this.running = false;
    try { this.heard((await clear("/sim/scenes/playing")).playing); } catch (error) { this.tell(error.message); }
  }

  toggle() {
    this.drawer.hidden = !this.drawer.hidden;
    this.button.setAttribute("aria-expanded", String(!this.drawer.hidden));
    if (this.drawer.hidden) this.button.focus(); else this.drawer.querySelector("button").focus();
  }
}
