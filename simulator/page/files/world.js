// What the page knows: who there is, which chats they have, what is new in them.

import { get, inOrder } from "./api.js";

export const world = { bots: [], people: [], groups: [], chats: [] };
const read = new Map();

export const keyOf = (chat) => `${chat.person}@${chat.place}`;
export const chatOf = (key) => world.chats.find((chat) => keyOf(chat) === key);
export const personOf = (id) => world.people.find((person) => person.id === id);
export const botOf = (place) => world.bots.find((bot) => bot.username === place);
export const groupOf = (place) => world.groups.find((group) => String(group.id) === place);
export const nameOf = ({ first_name, last_name }) =>
  [first_name, last_name].filter(Boolean).join(" ") || "Deleted account";

const EVERYTHING = ["bots", "people", "groups", "chats"];
const ask = Object.fromEntries(EVERYTHING.map((name) => [name, inOrder(() => get(name))]));

/** Ask for these; what there is at the first time counts as read. */
export async function load({ names = EVERYTHING, forget = false } = {}) {
  const parts = await Promise.all(names.map((name) => ask[name]()));
  if (parts.includes(null)) return undefined;
  const told = names.map((name, index) => [name, parts[index]]).filter(([, part]) => part);
  const next = { ...world, ...Object.fromEntries(told) };
  // Somebody has come between two of the answers.
  if (!isWhole(next)) return load({ forget });
  Object.assign(world, next);
  if (forget) read.clear();
  // What was deleted is not there to be read: it takes no place of what comes.
  for (const chat of world.chats) if ((read.get(keyOf(chat)) ?? Infinity) > chat.received) markRead(chat);
  return undefined;
}

/** Whether everybody who has a chat is known, and every place, and all whom groups name have one. */
function isWhole({ bots, people, groups, chats }) {
  const persons = new Set(people.map(({ id }) => id));
  const places = new Set([...bots.map(({ username }) => username), ...groups.map(({ id }) => String(id))]);
  const keys = new Set(chats.map(keyOf));
  const members = groups.flatMap((group) => group.members.map((person) => ({ person, place: group.id })));
  return (
    chats.every(({ person, place }) => persons.has(person) && places.has(place)) &&
    members.every((member) => !persons.has(member.person) || keys.has(keyOf(member)))
  );
}

export function markRead(chat) {
  read.set(keyOf(chat), chat.received);
}

export function unread(chat) {
  return Math.max(0, chat.received - (read.get(keyOf(chat)) ?? 0));
}

/**
 * Return the entries of the list, the latest message first; groups once, as their first member
 * sees them. Of those in whose chat there is nothing, only who has not begun one is listed.
 */
export function entries() {
  const groups = world.groups.map(({ id }) => world.chats.find(({ place }) => place === String(id)));
  const everybody = privateChats().filter(({ latest, begun, blocked }) => latest || !begun || blocked);
  return [...groups.filter(Boolean), ...everybody].sort(newestFirst);
}

function newestFirst({ latest: one }, { latest: other }) {
  if (!one || !other) return Boolean(other) - Boolean(one);
  return other.message.date - one.message.date || other.message.message_id - one.message.message_id;
}

export const privateChats = () => world.chats.filter(({ place }) => botOf(place));

/** Return whose phone it is and what is open on it: two texts, as either may run right to left. */
export function titleOf({ person, place }) {
  const group = groupOf(place);
  return group ? ["", group.title] : [nameOf(personOf(person)), botOf(place).name];
}

/** Whether a change, as the server tells it, is one of this chat. */
export function concerns(change, { person, place }) {
  if (change.bot) return change.chat_id === person && change.bot === place;
  return String(change.chat_id) === place;
}
