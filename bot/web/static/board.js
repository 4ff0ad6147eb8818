// Keeps the board fresh without reloading: asks every few seconds, and changes the page only where it differs.
"use strict";
const live = document.getElementById("live");
const state = document.getElementById("state");
const EVERY = 15000;
let tag = live.dataset.tag;

function say(words, old) {
  if (state.textContent !== words) state.textContent = words;
  state.classList.toggle("old", old);
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function put(part) {
  const region = live.querySelector(".scroll");
  const left = region ? region.scrollLeft : 0;
  const focused = region !== null && document.activeElement === region;
  live.innerHTML = part; // the server's own page, rendered with everything escaped
  const fresh = live.querySelector(".scroll");
  if (fresh) {
    fresh.scrollLeft = left;
    if (focused) fresh.focus({ preventScroll: true });
  }
}

async function look() {
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  address.hash = "";
  try {
    const answer = await fetch(address, { headers: { "If-None-Match": tag }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) {
      live.textContent = "Your access has ended. Send /board to the bot for a fresh link.";
      say("Access ended", true);
      return;
    }
    if (answer.status === 200) {
      put(await answer.text());
      tag = answer.headers.get("ETag");
      say(`Changed ${clock()}`, false);
    } else if (answer.status === 304) {
      say(`Checked ${clock()}`, false);
    } else {
      say(`Not reached since ${clock()}: the figures may be old`, true);
    }
  } catch {
    if (!state.classList.contains("old")) say(`Not reached since ${clock()}: the figures may be old`, true);
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
