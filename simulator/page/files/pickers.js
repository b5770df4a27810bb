// Dialogs in which a chat or people are chosen.

import { answered } from "./notices.js";
import { face } from "./faces.js";
import { groupOf, nameOf, titleOf, world } from "./world.js";
import { h, sync } from "./dom.js";

/** Choose up to `most` people; return them, none when the reader thinks better of it. */
export function pickPeople(title, most = 1) {
  const items = world.people.map((person) => ({
    ...person,
    name: nameOf(person),
    note: person.username ? `@${person.username}` : "",
  }));
  return pick(title, items, { most });
}

/** Choose somebody to share; who is not found is not on Telegram, and has no `id`. */
export async function pickContact(title) {
  const items = world.people.map((person) => ({ ...person, name: nameOf(person), note: person.bio ?? "" }));
  const [contact] = await pick(title, items, { named: true });
  return contact;
}

/** Choose where a message goes: `{person, place}`, and whether its author's account is `hidden`. */
export async function pickChat(title) {
  const hidden = h("input", { type: "checkbox" });
  const items = world.chats
    .filter(({ begun, blocked }) => begun && !blocked)
    .map((chat) => ({ ...chat, id: chat.person, ...named(chat) }));
  const [chat] = await pick(title, items, { below: h("label", { class: "line" }, hidden, "Hide the author’s account") });
  return chat && { ...chat, hidden: hidden.checked };
}

function named(chat) {
  const [whose, what] = titleOf(chat);
  if (!groupOf(chat.place)) return { name: whose, note: what };
  return { name: nameOf(world.people.find(({ id }) => id === chat.person)), note: what };
}

async function pick(title, items, { most = 1, named = false, below = null }) {
  const chosen = new Set();
  const list = h("ul", { class: "picks" });
  const search = h("input", {
    type: "search",
    placeholder: "Search",
    ariaLabel: title,
    oninput: () => draw(),
    onkeydown: (event) => event.key === "Enter" && first(event),
  });
  function choose(item, button) {
    if (most === 1 || !chosen.delete(item)) chosen.add(item);
    if (most === 1) return button.closest("dialog").close("yes");
    button.ariaPressed = String(chosen.has(item));
    return undefined;
  }
  function entry(item) {
    const onclick = ({ currentTarget }) => choose(item, currentTarget);
    const properties = { type: "button", class: "pick", ariaPressed: String(chosen.has(item)), onclick };
    return h("li", {}, h("button", properties, face(item.name, item.id ?? 0), h("b", {}, item.name), h("span", {}, item.note)));
  }
  function first(event) {
    event.preventDefault();
    list.querySelector(".pick")?.click();
  }
  function draw() {
    const sought = search.value.trim().toLowerCase();
    const found = items.filter(({ name, note }) => `${name} ${note}`.toLowerCase().includes(sought));
    if (named && sought) found.push({ name: search.value.trim(), note: "not on Telegram" });
    list.replaceChildren(...found.map(entry));
  }
  draw();
  const done = await answered(title, most > 1 && "Choose", h("label", {}, title, search), list, below);
  return done ? [...chosen].slice(0, most) : [];
}
