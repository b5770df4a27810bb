// One open chat: its head, its messages, and where its person writes.

import { get, inOrder, post } from "./api.js";
import { ask, notice, tell } from "./notices.js";
import { botOf, chatOf, concerns, groupOf, keyOf, markRead, nameOf, personOf, privateChats, titleOf, world } from "./world.js";
import { Composer } from "./composer.js";
import { draw } from "./message.js";
import { face } from "./faces.js";
import { h, icon, sync } from "./dom.js";
import { pickChat } from "./pickers.js";

const BACK = "M15 5l-7 7 7 7";
const DOWN = "M6 9l6 6 6-6";
const DOTS = "M12 5v.1M12 12v.1M12 19v.1";
const TYPING_SECONDS = 5;
const ANSWER_SECONDS = 15;
const NEAR_THE_END = 80;

export class Pane {
  /** `opened(key)` opens another chat here, "" closes this one; `beside(key)` opens one. */
  constructor({ opened, beside, focused }) {
    this.opened = opened;
    this.beside = beside;
    this.key = "";
    this.headState = "";
    this.waiting = new Set();
    this.look = inOrder((where, place) =>
      Promise.all([get(`${where}/chat/${place}`), get(`${where}/menu/${place}`)]),
    );
    this.composer = new Composer({
      act: (name, details) => this.act(name, details),
      person: () => this.chat.person,
    });
    this.head = h("header");
    this.following = true;
    const onscroll = () => this.scrolled();
    this.list = h("ol", { class: "messages", tabIndex: 0, ariaLabel: "Messages", onscroll });
    this.news = h("span", { class: "unread" });
    this.down = h(
      "button",
      { class: "round down", hidden: true, ariaLabel: "To the latest message", onclick: () => this.toEnd() },
      icon(DOWN),
      this.news,
    );
    // Who is at the end stays there when the room for the chat shrinks.
    new ResizeObserver(() => this.resized()).observe(this.list);
    this.notices = h("div", { class: "notices", role: "status" });
    this.gate = h("button", { class: "gate", onclick: () => this.act(...this.passage()) });
    this.element = h(
      "section",
      { class: "pane", onfocusin: focused, onpointerdown: focused },
      this.head,
      h("div", { class: "window" }, this.list, this.down),
      this.notices,
      this.gate,
      this.composer.element,
    );
  }

  get chat() {
    return chatOf(this.key);
  }

  /** Show a chat, from its end. */
  async open(key) {
    if (this.key !== key) {
      this.key = key;
      this.waiting.clear();
      this.latest = 0;
      this.following = true;
      this.list.replaceChildren();
      this.news.textContent = "";
      this.notices.replaceChildren();
      this.composer.begin();
    }
    await this.refresh();
  }

  async refresh() {
    const { key, chat } = this;
    if (!chat) return;
    markRead(chat);
    this.drawHead();
    this.drawGate();
    const [messages, menu] = (await this.look(`people/${chat.person}`, chat.place)) ?? [];
    if (this.key !== key || !messages || !menu) return;
    this.drawMessages(messages);
    this.composer.show(menu);
  }

  drawMessages(messages) {
    const fresh = messages.filter(({ message }) => message.message_id > this.latest);
    this.latest = messages.at(-1)?.message.message_id ?? 0;
    sync(this.list, withDays(messages), ({ id }) => id, (item) =>
      item.day ? h("li", { class: "service day" }, item.day) : this.drawMessage(item),
    );
    const own = fresh.at(-1)?.message.from?.id === this.chat.person;
    if (this.following || own) this.toEnd();
    else if (fresh.length) this.news.textContent = Number(this.news.textContent) + fresh.length;
    this.scrolled();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  resized() {
    this.room = this.list.clientHeight;
    if (this.following) this.toEnd();
    this.scrolled();
  }

  /** Offer the way to the end to who is not there, with the number of what came meanwhile. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    // The end has moved, and not the reader.
    if (this.following && clientHeight !== this.room) return;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    this.down.hidden = this.following;
    if (this.following) this.news.textContent = "";
  }

  drawMessage(shown) {
    const { message } = shown;
    const { message_id } = message;
    return draw(shown, this.chat.person, {
      press: (button) => this.press(message_id, button),
      waits: (button) => this.waiting.has(`${message_id} ${button.callback_data}`),
      reply: () => this.composer.write({ kind: "reply", message }),
      forward: () => this.forward(message_id),
      edit: () => this.composer.write({ kind: "edit", message }),
      remove: () => this.act("delete", { message_id }),
      act: ({ command, url }) => (command ? this.act("send", { text: command }) : this.follow(url)),
    });
  }

  drawHead() {
    const { person, place } = this.chat;
    const group = groupOf(place);
    const who = personOf(person);
    // An open menu stays open while messages come in.
    const state = JSON.stringify([person, place, who, group, this.chat.blocked, this.chat.begun]);
    if (this.headState === state) return;
    this.headState = state;
    const [whose, what] = titleOf(this.chat);
    const status = group
      ? h("small", {}, h("span", {}, `${counted(group.members.length)}, seen by`), this.viewers(group))
      : h("small", {}, h("bdi", {}, who.bio || "online"));
    this.head.replaceChildren(
      h("button", { class: "round back", ariaLabel: "Back", onclick: () => this.opened("") }, icon(BACK)),
      face(what, group?.id ?? botOf(place).id),
      h("div", { class: "title" }, h("b", {}, whose && h("bdi", {}, whose), whose && "’s phone · ", h("bdi", {}, what)), status),
      this.deeds(group),
    );
  }

  viewers(group) {
    const { person, place } = this.chat;
    const options = group.members.map(personOf).filter(Boolean).map((member) =>
      h("option", { value: member.id, selected: member.id === person }, nameOf(member)),
    );
    const onchange = ({ target }) => this.opened(keyOf({ person: target.value, place }));
    return h("select", { ariaLabel: "Seen by", onchange }, options);
  }

  deeds(group) {
    const { place, blocked, begun } = this.chat;
    const deed = (label, onclick) => h("button", { onclick }, label);
    return h(
      "details",
      { class: "deeds", onfocusout: closeUnlessInside, onclick: closeAfter },
      h("summary", { class: "round", ariaLabel: "More" }, icon(DOTS)),
      h(
        "menu",
        {},
        !group && deed("Open a deep link…", () => this.start()),
        deed("Follow an invite link…", () => this.join()),
        group && deed("Leave the group", () => this.act("leave")),
        begun && !group && !blocked && deed(`Block @${place}`, () => this.act("block")),
        blocked && deed(`Unblock @${place}`, () => this.act("unblock")),
        deed("Close this chat", () => this.opened("")),
      ),
    );
  }

  /** One button takes the place of the input while nothing can be written. */
  drawGate() {
    const passage = this.passage();
    this.gate.hidden = !passage;
    this.composer.element.hidden = Boolean(passage);
    this.gate.textContent = passage?.[0] === "unblock" ? "Unblock" : "Start";
  }

  passage() {
    if (this.chat.blocked) return ["unblock"];
    return this.chat.begun ? null : ["start"];
  }

  act(name, details = {}) {
    const { person, place } = this.chat;
    const body = name === "join" ? details : { place, ...details };
    return post(`people/${person}/${name}`, body);
  }

  async press(message_id, { callback_data: data, url, ...other }) {
    if (url) return this.follow(url) || window.open(complete(url), "_blank", "noopener");
    const query = other.switch_inline_query_current_chat ?? other.switch_inline_query;
    if (query !== undefined) return this.composer.put(`@${this.chat.place} ${query}`);
    if (!data) return notice("The page cannot press this kind of button.", this.notices);
    this.wait(message_id, data, true);
    setTimeout(() => this.wait(message_id, data, false), ANSWER_SECONDS * 1000);
    if (!(await this.act("press", { message_id, data }))) this.wait(message_id, data, false);
  }

  async forward(message_id) {
    const { person: seen_by, place: seen_in } = this.chat;
    const chosen = await pickChat("Forward to");
    if (!chosen) return;
    const { person, place, hidden } = chosen;
    const body = { place, seen_by, seen_in, message_id, hidden };
    if (await post(`people/${person}/forward`, body)) this.beside(keyOf(chosen));
  }

  wait(message_id, data, waits) {
    this.waiting[waits ? "add" : "delete"](`${message_id} ${data}`);
    const message = this.list.querySelector(`[data-key="${message_id}"]`);
    message
      ?.querySelectorAll(".inline")
      .forEach((button) => button.dataset.data === data && button.classList.toggle("waiting", waits));
  }

  /** Open a link that leads into Telegram, and return whether nothing is left to do. */
  follow(url) {
    if (!URL.canParse(complete(url))) return this.refuse("This link leads nowhere.");
    const { protocol, hostname, pathname, searchParams } = new URL(complete(url));
    if (protocol === "tg:") return this.visit(Number(searchParams.get("id")));
    if (!["t.me", "telegram.me"].includes(hostname)) return false;
    const name = pathname.split("/")[1].toLowerCase();
    const bot = world.bots.find(({ username }) => username.toLowerCase() === name);
    if (bot) return this.call(bot.username, searchParams.get("start"));
    if (/^(\+|joinchat$)/.test(name)) this.act("join", { link: url });
    else this.visit(world.people.find(({ username }) => username?.toLowerCase() === name)?.id);
    return true;
  }

  /** Open this person's chat with a bot, and start it if the link brings something along. */
  call(place, payload) {
    const { person } = this.chat;
    if (payload) this.act("start", { place, payload });
    this.beside(keyOf({ person, place }));
    return true;
  }

  /** Open the chat of somebody whose profile was asked for. */
  visit(id) {
    const chat = privateChats().find(({ person }) => person === id);
    if (!chat) return this.refuse("Nobody here has this profile.");
    this.beside(keyOf(chat));
    return true;
  }

  refuse(reason) {
    notice(reason, this.notices);
    return true;
  }

  async start() {
    const typed = await ask("A deep link, or what comes after ?start=", "payload");
    if (typed === null) return;
    const payload = typed.split("start=").at(-1);
    await this.act("start", { payload: payload || null });
  }

  async join() {
    const links = world.groups.flatMap((group) => group.links).filter((link) => !link.is_revoked);
    const link = await ask("An invite link", links.at(-1)?.invite_link ?? "https://t.me/+…");
    if (!link) return;
    const way = await this.act("join", { link });
    if (way) notice(way.joined ? "You are in." : "The request waits for an admin.", this.notices);
  }

  /** Show what a change means here. */
  changed(change) {
    if (!this.chat) return;
    if (change.kind === "results") this.composer.results(change.query_id);
    if (!concerns(change, this.chat)) return;
    if (change.kind === "action") this.typing();
    if (change.kind === "message") this.quiet();
    if (change.kind === "answer") this.answered(change);
  }

  answered({ message_id, data, user_id, text, show_alert, url }) {
    if (user_id !== this.chat.person) return;
    this.wait(message_id, data, false);
    if (url) this.follow(url);
    if (text && show_alert) tell(text, this.notices);
    else if (text) notice(text, this.notices);
  }

  typing() {
    clearTimeout(this.pause);
    this.head.classList.add("typing");
    this.pause = setTimeout(() => this.quiet(), TYPING_SECONDS * 1000);
  }

  quiet() {
    this.head.classList.remove("typing");
  }
}

const counted = (members) => (members === 1 ? "1 member" : `${members} members`);
const complete = (url) => (/^\w+:/.test(url) ? url : `https://${url}`);

/** Put a line with the date before the first message of each day. */
function withDays(messages) {
  let last = "";
  return messages.flatMap((shown) => {
    const date = new Date(shown.message.date * 1000);
    const day = date.toLocaleDateString("en", { day: "numeric", month: "long" });
    const item = { id: shown.message.message_id, ...shown };
    if (day === last) return [item];
    last = day;
    return [{ id: `day ${day}`, day }, item];
  });
}

function closeUnlessInside({ currentTarget, relatedTarget }) {
  if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
}

function closeAfter({ currentTarget, target }) {
  if (target.closest("menu")) currentTarget.open = false;
}
