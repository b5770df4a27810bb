// One message, as a messenger shows it.

import { copy, formatted } from "./entities.js";
import { face } from "./faces.js";
import { h, icon } from "./dom.js";
import { nameOf, personOf } from "./world.js";

const ONE = "M4 13l5 5L20 7";
const TWO = "M1 13l5 5L16 7M10 16l2 2L22 8";
const PAPER = "M6 2h9l4 4v16H6zM14 2v5h5";
const REPLY = "M10 5L3 12l7 7v-4c6 0 9 2 11 5-1-7-5-11-11-11z";
const PEN = "M4 20l1-5L16 4l4 4L9 19z";
const AWAY = "M8 6h10v10M18 6L6 18";
const COPY = "M9 9h11v11H9zM5 15H4V4h11v1";
const FORWARD = "M14 5l7 7-7 7v-4c-6 0-9 2-11 5 1-7 5-11 11-11z";
const BIN = "M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14";

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/**
 * Draw a message as `viewer` (a person's id) sees it. What can be done with it is in `does`:
 * press(button), reply(), forward(), edit(), remove(), act({command, url}), waits(button).
 */
export function draw({ message, read }, viewer, does) {
  const words = service(message);
  if (words) return h("li", { class: "service" }, words);
  const own = message.from.id === viewer;
  return h(
    "li",
    { class: `message ${own ? "own" : "other"}` },
    message.chat.type !== "private" && !own && portrait(message.from),
    h(
      "div",
      { class: "stack" },
      h(
        "div",
        { class: `bubble ${message.photo ? "pictured" : ""}`, onclick: chosen },
        ...contents(message, own, meta(message, own, read), does),
        tools(own, message, does),
      ),
      keyboard(message, does),
    ),
  );
}

function contents(message, own, edge, does) {
  const text = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  return [
    message.chat.type !== "private" && !own && h("b", { class: "sender" }, sender(message)),
    message.forward_origin && h("i", { class: "note" }, `Forwarded from ${origin(message)}`),
    message.via_bot && h("i", { class: "note" }, `via @${message.via_bot.username}`),
    message.reply_to_message && quoted(message.reply_to_message),
    message.photo && photo(message.photo.at(-1)),
    message.document && attachment(message.document),
    message.contact && shared(message.contact, does),
    text ? h("div", { class: "text" }, formatted(text, entities, does.act), edge) : edge,
  ];
}

/** What a message is called where there is only one line for it. */
export function outline(message) {
  if (message.photo) return message.caption ? `🖼 ${message.caption}` : "🖼 Photo";
  if (message.document) return `📄 ${message.document.file_name}`;
  if (message.contact) return `👤 ${nameOf(message.contact)}`;
  return (message.text ?? service(message) ?? "").replace(/\s+/g, " ");
}

const sender = (message) => message.sender_chat?.title ?? nameOf(message.from);
const origin = ({ forward_origin: { sender_user, sender_user_name } }) =>
  sender_user ? nameOf(sender_user) : (sender_user_name ?? "somebody");

function portrait(user) {
  return h("div", { class: "portrait" }, face(nameOf(user), user.id));
}

function quoted(message) {
  return h("div", { class: "reply" }, h("b", {}, nameOf(message.from)), h("span", {}, outline(message)));
}

function photo({ file_id, width, height }) {
  const src = `/sim/files/${file_id}`;
  return h("a", { href: src, target: "_blank" }, h("img", { src, width, height, alt: "Photo" }));
}

function attachment({ file_id, file_name, file_size }) {
  return h(
    "a",
    { class: "document", href: `/sim/files/${file_id}`, download: file_name },
    h("span", { class: "sheet" }, icon(PAPER)),
    h("span", {}, h("b", {}, file_name), h("small", {}, size(file_size))),
  );
}

function shared(contact, does) {
  const { user_id, phone_number } = contact;
  const properties = { class: "document", disabled: !user_id, onclick: () => does.act({ url: `tg://user?id=${user_id}` }) };
  const about = h("span", {}, h("b", {}, nameOf(contact)), h("small", {}, phone_number));
  return h("button", properties, face(nameOf(contact), user_id ?? 0), about);
}

/** Show what can be done with a message that was tapped: a finger does not hover. */
function chosen({ currentTarget, target }) {
  if (target.closest("a, button, [role=button]")) return;
  const was = currentTarget.classList.contains("chosen");
  document.querySelectorAll(".bubble.chosen").forEach((bubble) => bubble.classList.remove("chosen"));
  currentTarget.classList.toggle("chosen", !was);
}

function size(bytes) {
  const [unit, by] = bytes < 1024 ** 2 ? ["KB", 1024] : ["MB", 1024 ** 2];
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / by).toFixed(1)} ${unit}`;
}

function meta(message, own, read) {
  const ticks = own && h("span", { class: "ticks", title: read ? "Read" : "Sent" }, icon(read ? TWO : ONE));
  // As in Telegram, messages with buttons change without a word.
  const edited = message.edit_date && !message.reply_markup && h("span", {}, "edited");
  return h("span", { class: "meta" }, edited, clock(message.date), ticks);
}

function tools(own, message, does) {
  const tool = (label, path, onclick) =>
    h("button", { class: "tool", title: label, ariaLabel: label, onclick }, icon(path));
  return h(
    "span",
    { class: "tools" },
    tool("Reply", REPLY, does.reply),
    tool("Forward", FORWARD, does.forward),
    own && message.text && tool("Edit", PEN, does.edit),
    own && tool("Delete", BIN, does.remove),
  );
}

function keyboard({ reply_markup }, does) {
  if (!reply_markup?.inline_keyboard) return null;
  const rows = reply_markup.inline_keyboard.map((row) =>
    h("div", { class: "row" }, row.map((button) => inline(button, does))),
  );
  return h("div", { class: "keyboard" }, rows);
}

function inline(button, does) {
  const mark = button.url ? AWAY : button.copy_text && COPY;
  return h(
    "button",
    {
      class: `inline ${button.style ?? ""} ${does.waits(button) ? "waiting" : ""}`,
      disabled: Boolean(button.disabled),
      "data-data": button.callback_data,
      onclick: () => (button.copy_text ? copy(button.copy_text.text) : does.press(button)),
    },
    h("span", {}, button.text),
    mark && icon(mark),
  );
}

const nameById = ({ user_id }) => nameOf(personOf(user_id));

/** Return what a message that nobody wrote says; null for one that somebody did. */
function service(message) {
  const names = (users) => users.map(nameOf).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} joined`;
  if (message.left_chat_member) return `${nameOf(message.left_chat_member)} left`;
  if (message.migrate_to_chat_id) return "This group is a supergroup now";
  if (message.migrate_from_chat_id) return "This supergroup was a group";
  if (message.users_shared) return `Chosen: ${message.users_shared.users.map(nameById).join(", ")}`;
  if (message.forum_topic_created) return `Topic: ${message.forum_topic_created.name}`;
  if (message.forum_topic_closed) return "The topic was closed";
  if (message.forum_topic_reopened) return "The topic was reopened";
  return null;
}
