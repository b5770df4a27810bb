// What the program around says to who looks at the page, and what it can do.

import { get, inOrder, post } from "./api.js";
import { h, icon } from "./dom.js";
import { notice, sure } from "./notices.js";

const CROSS = "M6 6l12 12M18 6L6 18";

/** A line over the page; who has closed it sees it again when it says something else. */
export class Hint {
  constructor(element) {
    this.element = element;
    this.ask = inOrder(() => get("controls"));
  }

  async load() {
    const told = await this.ask();
    if (!told) return;
    const { hint, controls } = told;
    const seen = localStorage.hint === hint;
    this.element.hidden = !hint || seen;
    if (this.element.hidden) return;
    const close = h("button", { class: "round", ariaLabel: "Close", onclick: () => this.close(hint) }, icon(CROSS));
    const offered = controls.filter((control) => !control.for_developers);
    this.element.replaceChildren(h("p", {}, hint), close, ...buttons(offered));
  }

  close(hint) {
    localStorage.hint = hint;
    this.element.hidden = true;
  }
}

/** Return a button for each thing that the program around can do. */
export function buttons(controls) {
  return controls.map((control) => h("button", { class: "small", onclick: () => run(control) }, control.name));
}

async function run({ name, question }) {
  if (question && !(await sure(question, name))) return;
  notice(`${name}…`);
  await post(`controls/${encodeURIComponent(name)}`);
}
