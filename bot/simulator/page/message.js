/* One message: bubble, files, buttons. */

import { el, icon } from "./dom.js";
import { clock } from "./time.js";

function fileView(file) {
  if (file.kind === "photo" || file.kind === "sticker") {
    const picture = el("img", { class: "picture", src: file.url, alt: file.kind === "photo" ? "Picture" : "Sticker" });
    if (file.width) Object.assign(picture, { width: file.width, height: file.height });
    return el("a", { href: file.url, target: "_blank", rel: "noopener" }, picture);
  }
  const size = file.size < 1024 ? `${file.size} bytes` : `${Math.round(file.size / 1024)} KB`;
  const name = file.kind === "voice" ? "Voice message" : file.name;
  return el("a", { class: "file", href: file.url, download: file.name },
    icon(file.kind === "voice" ? "voice" : "file"), el("span", {}, el("b", {}, name), el("small", {}, size)));
}

function buttonView(message, button, press) {
  if (button.url) return el("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, `${button.text} ↗`);
  return el("button", { type: "button", onclick: (event) => press(message, button, event.currentTarget) }, button.text);
}

export function keyboardView(rows, draw) {
  return el("div", { class: "buttons" }, ...rows.map((row) => el("div", { class: "row" }, ...row.map(draw))));
}

/** message.html comes from the simulator, which escapes everything that was typed. */
export function messageView(message, own, { press, edit, inGroup }) {
  const words = el("div", { class: "words" });
  words.innerHTML = message.html;
  const meta = el("div", { class: "meta" },
    own && message.text && !message.files.length
      ? el("button", { type: "button", onclick: () => edit(message) }, "Edit") : null,
    message.pinned ? "pinned" : null, message.edited ? "edited" : null,
    el("time", { dateTime: message.date }, clock(message.date)));
  const bubble = el("div", { class: "bubble" },
    el("span", { class: inGroup && !own ? "sender" : "visually-hidden" }, `${own ? "You" : message.from}${inGroup && !own ? "" : ": "}`),
    message.forwarded ? el("div", { class: "quoted" }, "Forwarded") : null,
    message.quoted ? el("div", { class: "quoted" }, message.quoted) : null,
    ...message.files.map(fileView),
    message.note ? el("div", { class: "words" }, message.note) : null,
    message.text ? words : null, meta);
  const rows = message.buttons;
  return el("article", { class: `message ${own ? "own" : ""} ${rows.length ? "has-buttons" : ""}` }, bubble,
    rows.length ? keyboardView(rows, (button) => buttonView(message, button, press)) : null);
}
