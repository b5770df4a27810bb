// Where a person writes: text, files, commands from the menu, results of inline bots.

import { get, inOrder } from "./api.js";
import { h, icon, sync } from "./dom.js";
import { outline } from "./message.js";
import { notice, sure } from "./notices.js";
import { pickContact, pickPeople } from "./pickers.js";
import { nameOf, personOf, world } from "./world.js";

const CLIP = "M8 12l6-6a3 3 0 014 4l-8 8a5 5 0 01-7-7l8-8";
const MENU = "M4 7h16M4 12h16M4 17h16";
const PLANE = "M3 11l18-8-5 18-4-7z";
const CROSS = "M6 6l12 12M18 6L6 18";
const PICTURES = ["image/png", "image/jpeg"];
const INLINE = /^@(\w+)\s(.*)$/s;

export class Composer {
  /** `act(name, details)` does something as the person in this chat, whose id is `person()`. */
  constructor({ act, person }) {
    this.act = act;
    this.person = person;
    this.commands = [];
    this.about = null;
    this.visit = 0;
    this.find = inOrder((id) => get(`searches/${id}`));
    this.ask = inOrder((place, text) => this.act("search", { place, text }));
    this.strip = h("div", { class: "strip", hidden: true });
    this.choices = h("ul", { class: "choices", role: "listbox", hidden: true });
    this.keys = h("div", { class: "keys" });
    this.input = h("textarea", {
      rows: 1,
      placeholder: "Message",
      ariaLabel: "Message",
      oninput: () => this.typed(),
      onkeydown: (event) => this.pressed(event),
      onpaste: (event) => this.attach(event.clipboardData.files),
    });
    this.file = h("input", { type: "file", hidden: true, onchange: () => this.attach(this.file.files) });
    const button = (label, path, onclick, name = "") =>
      h("button", { class: `round ${name}`, title: label, ariaLabel: label, onclick }, icon(path));
    this.menu = button("Commands", MENU, () => this.toggle(this.matching("")));
    this.menu.hidden = true;
    this.element = h(
      "footer",
      { class: "composer" },
      this.choices,
      this.strip,
      h(
        "div",
        { class: "line" },
        this.menu,
        button("Attach", CLIP, () => this.toggle(this.attachments())),
        this.input,
        button("Send", PLANE, () => this.send(), "send"),
        this.file,
      ),
      this.keys,
    );
  }

  /** Begin anew, in another chat. */
  begin() {
    this.visit += 1;
    this.write(null);
    this.put("");
    // What another bot offers is no choice here until this one's menu comes.
    this.show({ commands: [] });
  }

  show({ commands, keyboard }) {
    const fresh = JSON.stringify(commands) !== JSON.stringify(this.commands);
    this.commands = commands;
    this.menu.hidden = !commands.length;
    // Who has begun to write one did so before they were known.
    if (fresh && isCommand(this.input.value)) this.typed();
    sync(
      this.keys,
      keyboard?.keyboard ?? [],
      (row) => JSON.stringify(row),
      (row) => h("div", { class: "row" }, row.map((key) => this.key(key))),
    );
  }

  key(button) {
    return h("button", { class: "inline", onclick: () => this.answer(button) }, button.text);
  }

  /** Do what a button of the keyboard asks for. */
  answer({ text, request_contact, request_users: users, ...others }) {
    if (request_contact) return this.shareNumber();
    if (users) return this.sharePeople(text, users);
    if (Object.keys(others).some((name) => /^request_|web_app/.test(name)))
      return notice("The page cannot press this kind of button.");
    return this.act("send", { text });
  }

  async shareNumber() {
    const user_id = this.person();
    if (await sure("The bot will see your phone number.", "Share"))
      await this.act("contact", { name: nameOf(personOf(user_id)), user_id });
  }

  async sharePeople(title, { max_quantity }) {
    const people = await pickPeople(title, max_quantity ?? 1);
    if (people.length) await this.act("share", { user_ids: people.map(({ id }) => id) });
  }

  attachments() {
    return [
      { title: "File", description: "A photo, a table, …", choose: () => this.file.click() },
      { title: "Contact", description: "Somebody from the address book", choose: () => this.shareContact() },
    ];
  }

  async shareContact() {
    const contact = await pickContact("Share a contact");
    if (contact) await this.act("contact", { name: contact.name, user_id: contact.id ?? null });
  }

  /** Write about another message: a reply to it, or the message itself once more. */
  write(about) {
    this.about = about;
    this.strip.hidden = !about;
    this.strip.replaceChildren();
    if (about) {
      const cancel = h("button", { class: "round", ariaLabel: "Cancel", onclick: () => this.write(null) }, icon(CROSS));
      const title = about.kind === "edit" ? "Edit message" : "Reply";
      this.strip.append(h("div", {}, h("b", {}, title), h("span", {}, outline(about.message))), cancel);
      if (about.kind === "edit") this.put(about.message.text);
      this.input.focus();
    }
  }

  put(text) {
    this.input.value = text;
    if (text) this.input.focus();
    this.typed();
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { about, visit } = this;
    this.put("");
    this.write(null);
    const message_id = about?.message.message_id;
    const edits = about?.kind === "edit";
    const sent = edits
      ? await this.act("edit", { message_id, text })
      : await this.act("send", { text, reply_to: message_id ?? null });
    if (!sent) this.restore(visit, text, about);
  }

  /** Give back what was refused, unless something else is being written, or in another chat. */
  restore(visit, text, about = null) {
    if (visit !== this.visit || this.input.value) return;
    this.write(about);
    this.put(text);
  }

  async attach([file]) {
    if (!file) return;
    const { visit } = this;
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (visit !== this.visit) return;
    const content = btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
    const caption = this.input.value.trim();
    this.put("");
    const sent = PICTURES.includes(file.type)
      ? await this.act("photo", { content, caption })
      : await this.act("document", { content, caption, filename: file.name });
    if (!sent) this.restore(visit, caption);
    this.file.value = "";
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    clearTimeout(this.pause);
    this.asked = null;
    const text = this.input.value;
    const inline = INLINE.exec(text);
    const bot = inline && world.bots.find((each) => each.username === inline[1] && each.inline);
    if (bot) this.search(bot, inline[2]);
    else this.offer(isCommand(text) ? this.matching(text.slice(1)) : []);
  }

  matching(start) {
    return this.commands
      .filter(({ command }) => command.startsWith(start))
      // Who has written a command out means that one.
      .sort((one, other) => (other.command === start) - (one.command === start))
      .map(({ command, description }) => ({
        title: `/${command}`,
        description,
        choose: () => this.choose("send", { text: `/${command}` }),
      }));
  }

  toggle(choices) {
    this.offer(this.choices.hidden ? choices : []);
    this.input.focus();
  }

  search(bot, text) {
    const written = this.input.value;
    this.pause = setTimeout(async () => {
      const search = await this.ask(bot.username, text);
      // Something else may have been written meanwhile.
      if (!search || this.input.value !== written) return;
      this.asked = search.id;
      await this.results(search.id);
    }, 250);
  }

  /** Show what a bot has found, if that is what was last asked for. */
  async results(id) {
    if (id !== this.asked) return;
    const found = await this.find(id);
    if (!found || id !== this.asked) return;
    this.offer(
      found.map((result) => ({
        title: result.title ?? "",
        description: result.description ?? "",
        choose: () => this.choose("choose", { search_id: id, result_id: result.id }),
      })),
    );
  }

  choose(name, details) {
    this.put("");
    return this.act(name, details);
  }

  offer(choices) {
    this.choices.hidden = !choices.length;
    this.choices.replaceChildren(
      ...choices.map(({ title, description, choose }, index) =>
        h(
          "li",
          { role: "option", ariaSelected: String(index === 0), onclick: () => this.offer([]) || choose() },
          h("b", {}, title),
          h("span", {}, description),
        ),
      ),
    );
  }

  pressed(event) {
    const chosen = this.choices.querySelector('[aria-selected="true"]');
    if (event.key === "Escape" && (this.about || !this.choices.hidden)) {
      event.stopPropagation();
      this.write(null);
      this.offer([]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (this.choices.hidden) this.send();
      else chosen.click();
    } else if (event.key === "Tab" && !this.choices.hidden) {
      event.preventDefault();
      chosen.click();
    } else if (["ArrowUp", "ArrowDown"].includes(event.key) && !this.choices.hidden) {
      event.preventDefault();
      move(chosen, event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling");
    }
  }
}

const isCommand = (text) => /^\/\w*$/.test(text);

function move(chosen, way) {
  const next = chosen[way];
  if (!next) return;
  chosen.ariaSelected = "false";
  next.ariaSelected = "true";
  next.scrollIntoView({ block: "nearest" });
}
