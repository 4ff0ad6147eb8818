// Keeps the board fresh without reloading: told by the server, or where that can't be, by asking every few
// seconds. The page changes only where it differs.
"use strict";
const live = document.getElementById("live");
const state = document.getElementById("state");
const checked = document.getElementById("checked");
const ASK_EVERY = 15000;
const ASKS_BEFORE_LISTENING = 8;
let tag = live.dataset.tag;
let asks = 0;

function say(words, old) {
  if (state.textContent !== words) state.textContent = words; // read out by screen readers: changes alone
  state.classList.toggle("old", old);
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function allWell() {
  checked.textContent = clock();
  if (state.classList.contains("old")) say("", false);
}

function unreached() {
  if (!state.classList.contains("old")) say(`Not reached since ${clock()}: the figures may be old`, true);
}

function ended() {
  document.querySelector(".filters")?.remove(); // it names workers
  const heading = document.createElement("h1");
  heading.textContent = "Your access has ended";
  const words = document.createElement("p");
  words.textContent = "Send /board to the bot for a fresh link.";
  live.replaceChildren(heading, words);
  say("Access ended", true);
}

function put(part, newTag) {
  const region = live.querySelector(".scroll");
  const left = region ? region.scrollLeft : 0;
  const focused = region !== null && document.activeElement === region;
  live.innerHTML = part; // the server's own page, rendered with everything escaped
  const fresh = live.querySelector(".scroll");
  if (fresh) {
    fresh.scrollLeft = left;
    if (focused) fresh.focus({ preventScroll: true });
  }
  tag = newTag;
  allWell();
  say(`Changed ${clock()}`, false);
}

function listen() {
  const address = new URL(`/board/live/${live.dataset.page}`, location.href);
  address.search = location.search;
  address.searchParams.set("have", tag);
  const stream = new EventSource(address);
  stream.addEventListener("part", (event) => put(event.data, event.lastEventId));
  stream.addEventListener("checked", allWell);
  stream.addEventListener("ended", () => {
    stream.close();
    ended();
  });
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return unreached(); // it comes back by itself
    asks = 0;
    ask();
  };
}

async function ask() {
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  address.hash = "";
  try {
    const answer = await fetch(address, { headers: { "If-None-Match": `"${tag}"` }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) return ended();
    if (answer.status === 200) put(await answer.text(), answer.headers.get("ETag").replaceAll('"', ""));
    else if (answer.status === 304) allWell();
    else unreached();
  } catch {
    unreached();
  }
  asks += 1;
  const tryListening = window.EventSource && asks >= ASKS_BEFORE_LISTENING;
  setTimeout(tryListening ? listen : ask, ASK_EVERY);
}

if (window.EventSource) listen();
else setTimeout(ask, ASK_EVERY);
