/* Brings the page together: people, columns, and what the simulator tells. */

import { Chat } from "./chat.js";
import { ClockBar } from "./clockbar.js";
import { avatar, el } from "./dom.js";
import { Log } from "./log.js";
import { get, post } from "./server.js";

const NARROWEST_COLUMN = 340;
const byId = (id) => document.getElementById(id);
const chats = new Map();
let open = [];
let statusTimer;

function tell(words) {
  byId("status").textContent = words;
  clearTimeout(statusTimer);
  statusTimer = setTimeout(() => { byId("status").textContent = ""; }, 4500);
}

const clockBar = new ClockBar(tell);
const log = new Log(byId("log"), byId("log-button"), byId("log-refused"));
const room = () => Math.max(1, Math.floor((window.innerWidth - 20) / NARROWEST_COLUMN));

async function loadPeople() {
  const state = await get("/sim/state");
  byId("bot-name").textContent = `${state.bot.name} practice`;
  clockBar.set(state.clock);
  const owners = new Map(state.people.map((person) => [person.id, person]));
  for (const person of state.people) know(person.id, person, null, state.bot);
  for (const group of state.groups) know(group.id, owners.get(group.members[0]), group, state.bot);
  fitColumns();
}

function know(id, owner, group, bot) {
  const known = chats.get(id);
  if (known) {
    known.owner = owner;
    known.drawFoot();
  } else {
    const chat = new Chat(owner, group, bot, tell);
    chats.set(id, chat);
    chat.load().then(() => chat.toEnd());
  }
}

function fitColumns() {
  const ids = [...chats.keys()];
  open = open.filter((id) => chats.has(id)).slice(-room());
  for (const id of ids) if (open.length < room() && !open.includes(id)) open.push(id);
  draw();
}

function draw() {
  const order = [...chats.keys()].filter((id) => open.includes(id));
  const nodes = order.map((id) => chats.get(id).node);
  const columns = byId("columns");
  if (nodes.length !== columns.childElementCount || nodes.some((node, at) => columns.children[at] !== node)) {
    columns.replaceChildren(...nodes);
    for (const id of order) chats.get(id).toEnd();
  }
  if (!nodes.length) columns.replaceChildren(el("p", { class: "nobody" }, "Nobody is here yet. Add a person to begin."));
  for (const id of order) chats.get(id).unread = 0;
  drawSwitcher();
}

function drawSwitcher() {
  const focused = document.activeElement?.dataset?.chat;
  byId("people").replaceChildren(...[...chats.values()].map((chat) => {
    const button = el("button", { type: "button", class: "person", "aria-pressed": String(open.includes(chat.id)),
      onclick: () => show(chat.id) }, avatar(chat.id, chat.name), chat.name,
    chat.unread ? el("span", { class: "badge" }, String(chat.unread), el("span", { class: "visually-hidden" }, " unread")) : null);
    button.dataset.chat = chat.id;
    return button;
  }));
  if (focused) byId("people").querySelector(`[data-chat="${focused}"]`)?.focus();
}

function show(id) {
  open = [...open.filter((other) => other !== id), id].slice(-room());
  draw();
  chats.get(id).toEnd();
}

const HEARD = {
  message(event) {
    const chat = chats.get(event.chat);
    if (!chat) return;
    const isNew = chat.put(event.message);
    if (isNew) clockBar.saw(event.message);
    if (isNew && event.message.from_bot && !open.includes(event.chat)) { chat.unread += 1; drawSwitcher(); }
  },
  deleted(event) { chats.get(event.chat)?.remove(event.message_id); },
  answer(event) { chats.get(event.person)?.answered(event.answer); },
  action(event) { chats.get(event.chat)?.acting(event.action); },
  call(event) { log.add(event.call); },
  clock(event) { clockBar.set(event); },
  people() { loadPeople(); },
};

function listen() {
  const stream = new EventSource("/sim/events");
  let lost = false;
  stream.onopen = async () => {
    if (lost) location.reload();
    await Promise.all([loadPeople(), log.load()]);
    document.body.dataset.ready = "yes";
  };
  stream.onmessage = (event) => {
    const heard = JSON.parse(event.data);
    HEARD[heard.kind]?.(heard);
  };
  stream.onerror = () => { lost = true; tell("The simulator does not answer. Trying again…"); };
}

byId("add-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const person = await post("/sim/people", { name: byId("add-name").value });
    event.target.reset();
    event.target.closest("details").open = false;
    await loadPeople();
    show(person.id);
  } catch (error) { tell(error.message); }
});
document.addEventListener("click", (event) => {
  for (const details of document.querySelectorAll("details.pick[open]")) if (!details.contains(event.target)) details.open = false;
  for (const chat of chats.values()) if (!chat.node.contains(event.target)) chat.closeSheets();
});
window.addEventListener("resize", fitColumns);
listen();
