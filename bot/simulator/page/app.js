/* Brings the page together: people, columns, and what the simulator tells. */

import { Chat } from "./chat.js";
import { ClockBar } from "./clockbar.js";
import { avatar, el } from "./dom.js";
import { Faults } from "./faults.js";
import { Log } from "./log.js";
import { Scenes } from "./scenes.js";
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

const clockBar = new ClockBar(tell, (id, messageId) => { show(id); chats.get(id)?.point(messageId); });
const log = new Log(byId("log"), byId("log-button"), byId("log-refused"));
const faults = new Faults(byId("faults-button"), () => log.toggle());
log.fill(faults);
const scenes = new Scenes(tell, (name) => {
  const chat = [...chats.values()].find((one) => one.name === name);
  if (chat && !open.includes(chat.id)) show(chat.id);
});
const room = () => Math.max(1, Math.floor((window.innerWidth - 20) / NARROWEST_COLUMN));

async function loadPeople() {
  const state = await get("/sim/state");
  byId("bot-name").textContent = `${state.bot.name} practice`;
  clockBar.set(state.clock);
  byId("reminder").hidden = !state.knows_reminders;
  faults.know(state.people);
  const owners = new Map(state.people.map((person) => [person.id, person]));
  for (const person of state.people) know(person.id, person, null, state.bot);
  for (const group of state.groups) know(group.id, owners.get(group.members[0]), group, state.bot);
  fitColumns();
}

function know(id, owner, group, bot) {
  const known = chats.get(id);
  if (known) {
    known.meet(owner);
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
    mark(chat));
    button.dataset.chat = chat.id;
    return button;
  }));
  if (focused) byId("people").querySelector(`[data-chat="${focused}"]`)?.focus();
}

function mark(chat) {
  const [count, word] = chat.away ? [chat.owner.waiting, "waiting"] : [chat.unread, "unread"];
  if (!count) return null;
  return el("span", { class: `badge ${word}` }, String(count), el("span", { class: "visually-hidden" }, ` ${word}`));
}

function show(id) {
  if (!chats.has(id)) return;
  open = [...open.filter((other) => other !== id), id].slice(-room());
  draw();
  chats.get(id).toEnd();
}

const HEARD = {
  message(event) {
    const chat = chats.get(event.chat);
    if (!chat) return;
    if (chat.away) { loadPeople(); return; }
    const isNew = chat.put(event.message);
    if (isNew && event.message.from_bot && !open.includes(event.chat)) { chat.unread += 1; drawSwitcher(); }
  },
  deleted(event) {
    const chat = chats.get(event.chat);
    if (chat && !chat.away) chat.remove(event.message_id);
  },
  answer(event) { chats.get(event.person)?.answered(event.answer); },
  action(event) { chats.get(event.chat)?.acting(event.action); },
  call(event) { log.add(event.call); },
  clock(event) { clockBar.set(event); },
  faults(event) { faults.show(event.faults); },
  scene(event) { scenes.heard(event.playing); },
  people() { loadPeople(); },
};

function listen() {
  const stream = new EventSource("/sim/events");
  let lost = false;
  stream.onopen = async () => {
    if (lost) location.reload();
    await Promise.all([loadPeople(), log.load(), faults.load(), scenes.load()]);
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
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  clockBar.close();
  for (const side of [log, scenes]) if (!side.drawer.hidden) side.toggle();
});
window.addEventListener("resize", fitColumns);
listen();
