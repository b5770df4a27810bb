// What the page knows: who there is, which chats they have, what is new in them.

import { get } from "./api.js";

export const world = { bots: [], people: [], groups: [], chats: [] };
const read = new Map();

export const keyOf = (chat) => `${chat.person}@${chat.place}`;
export const chatOf = (key) => world.chats.find((chat) => keyOf(chat) === key);
export const personOf = (id) => world.people.find((person) => person.id === id);
export const botOf = (place) => world.bots.find((bot) => bot.username === place);
export const groupOf = (place) => world.groups.find((group) => String(group.id) === place);
export const nameOf = ({ first_name, last_name }) =>
  [first_name, last_name].filter(Boolean).join(" ") || "Deleted account";

/** Ask for everything; what there is at the first time counts as read. */
export async function load({ forget = false } = {}) {
  const names = ["bots", "people", "groups", "chats"];
  const parts = await Promise.all(names.map(get));
  if (parts.includes(null)) return;
  names.forEach((name, index) => (world[name] = parts[index]));
  if (forget) read.clear();
  // What was deleted is not there to be read: it takes no place of what comes.
  for (const chat of world.chats) if ((read.get(keyOf(chat)) ?? Infinity) > chat.received) markRead(chat);
}

export function markRead(chat) {
  read.set(keyOf(chat), chat.received);
}

export function unread(chat) {
  return Math.max(0, chat.received - (read.get(keyOf(chat)) ?? 0));
}

/** Return the entries of the list: groups first, and once, as their first member sees them. */
export function entries() {
  const groups = world.groups.map(({ id }) => world.chats.find(({ place }) => place === String(id)));
  return [...groups.filter(Boolean), ...privateChats()];
}

export const privateChats = () => world.chats.filter(({ place }) => botOf(place));

/** Whether a change, as the server tells it, is one of this chat. */
export function concerns(change, { person, place }) {
  if (change.bot) return change.chat_id === person && change.bot === place;
  return String(change.chat_id) === place;
}
