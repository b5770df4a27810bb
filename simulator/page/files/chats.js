// The list of chats on the left.

import { entries, groupOf, keyOf, nameOf, personOf, privateChats, unread, botOf, world } from "./world.js";
import { face } from "./faces.js";
import { clock, outline } from "./message.js";
import { h, icon, sync } from "./dom.js";

const BESIDE = "M4 5h16v14H4zM12 5v14";

export class ChatList {
  /** `open(key, beside)` opens a chat; `tools` are buttons for the head. */
  constructor(element, { open, tools }) {
    this.open = open;
    this.list = h("ul", { onkeydown: walk });
    this.search = h("input", {
      type: "search",
      placeholder: "Search",
      ariaLabel: "Search",
      oninput: () => this.draw(this.shown),
    });
    element.append(h("header", {}, this.search, tools), this.list);
  }

  /** `shown` are the keys of the open chats, of which `active` is the one that is used. */
  draw(shown, active = this.active) {
    Object.assign(this, { shown, active });
    const sought = this.search.value.trim().toLowerCase();
    const items = (sought ? [...new Set([...entries(), ...privateChats()])] : entries())
      .map((chat) => ({ ...chat, ...names(chat), unread: unread(chat), state: stateOf(chat, shown, active) }))
      .filter(({ title, bio }) => `${title} ${bio}`.toLowerCase().includes(sought));
    sync(this.list, items, keyOf, (item) => this.item(item));
  }

  item(chat) {
    const { place, person, title, latest, blocked, begun } = chat;
    const key = keyOf(chat);
    const last = latest ? outline(latest.message) : begun ? "" : "has not started the bot";
    return h(
      "li",
      { class: `chat ${chat.state}` },
      h(
        "button",
        { class: "entry", title: chat.bio, onclick: ({ shiftKey }) => this.open(key, shiftKey) },
        face(title, groupOf(place) ? Number(place) : person),
        h("span", { class: "name" }, title),
        h("time", {}, latest && clock(latest.message.date)),
        h("span", { class: "last" }, blocked ? "🚫 has blocked the bot" : last),
        chat.unread > 0 && h("span", { class: "unread", ariaLabel: `${chat.unread} new` }, chat.unread),
      ),
      h(
        "button",
        { class: "round beside", title: "Open beside", ariaLabel: "Open beside", onclick: () => this.open(key, true) },
        icon(BESIDE),
      ),
    );
  }
}

function names({ person, place }) {
  const group = groupOf(place);
  const who = personOf(person);
  if (group) return { title: group.title, bio: "" };
  const bot = world.bots.length > 1 ? ` → ${botOf(place)?.name}` : "";
  return { title: nameOf(who) + bot, bio: who.bio ?? "" };
}

function stateOf(chat, shown, active) {
  const isThis = (key) => (groupOf(chat.place) ? key.endsWith(`@${chat.place}`) : key === keyOf(chat));
  if (!shown.some(isThis)) return "";
  return isThis(active) || shown.length === 1 ? "open active" : "open";
}

/** Go up and down with the arrows. */
function walk(event) {
  const way = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  const next = way && event.target.closest("li")?.[way];
  if (!next) return;
  event.preventDefault();
  next.querySelector(".entry").focus();
}
