// For developers: every Bot API call, faults on request, and what the program around offers.

import { clear, get, inOrder, post } from "./api.js";
import { buttons } from "./hint.js";
import { h, icon, sync } from "./dom.js";

const FAULTS = {
  "429, wait 3 s": { kind: "TooManyRequests", retry_after: 3 },
  "error 500": { kind: "ServerError", code: 500 },
  "a proxy's 502": { kind: "ProxyError", code: 502 },
  "cut before": { kind: "CutBefore" },
  "cut after": { kind: "CutAfter" },
  "slow, 3 s": { kind: "Delay", seconds: 3 },
};
const CROSS = "M6 6l12 12M18 6L6 18";
const POLLING = "getUpdates";
const SHOWN = 200;

export class Panel {
  constructor(element) {
    this.element = element;
    this.calls = new Map();
    this.ask = inOrder(() => get("controls"));
    this.rules = inOrder(() => get("faults"));
    this.close = h("button", { class: "round", ariaLabel: "Close", onclick: () => this.toggle() }, icon(CROSS));
    this.controls = h("div", { class: "controls" }, this.close);
    this.faults = h("ul", { class: "faults" });
    this.lift = h("button", { class: "small", hidden: true, onclick: () => this.liftFaults() }, "Clear");
    this.methods = h("datalist", { id: "methods" });
    this.filter = h("input", { type: "search", placeholder: "Method", ariaLabel: "Filter", oninput: () => this.draw() });
    this.polling = h("input", { type: "checkbox", onchange: () => this.draw() });
    this.list = h("ul", { class: "calls" });
    element.append(
      this.controls,
      h("h2", {}, "Faults on request"),
      this.faultForm(),
      this.faults,
      this.lift,
      h("h2", {}, "Bot API calls"),
      h("div", { class: "line" }, this.filter, h("label", {}, this.polling, "polling")),
      this.list,
    );
  }

  async toggle() {
    this.element.hidden = !this.element.hidden;
    await this.load();
  }

  async load() {
    if (this.element.hidden) return;
    await Promise.all([this.offer(), this.refresh(), this.refreshFaults()]);
  }

  async offer() {
    const told = await this.ask();
    if (told) this.controls.replaceChildren(...buttons(told.controls), this.close);
  }

  forget() {
    // What was asked for before comes into the old one.
    this.calls = new Map();
  }

  /** Ask for the calls that are new, and for those that were not finished. */
  async refresh() {
    if (this.element.hidden) return;
    const { calls } = this;
    const open = [...calls.values()].find((call) => !call.finished);
    const after = open ? open.number - 1 : calls.size;
    for (const call of (await get(`calls?after=${after}`)) ?? []) calls.set(call.number, call);
    this.draw();
    // Calls use faults up.
    if (!this.lift.hidden) await this.refreshFaults();
  }

  draw() {
    const sought = this.filter.value.trim().toLowerCase();
    const wanted = [...this.calls.values()]
      .filter(({ method }) => method.toLowerCase().includes(sought))
      .filter(({ method }) => this.polling.checked || method !== POLLING);
    sync(this.list, wanted.slice(-SHOWN).reverse(), ({ number }) => number, drawCall);
    const methods = new Set([...this.calls.values()].map(({ method }) => method));
    sync(this.methods, [...methods].sort(), (name) => name, (name) => h("option", { value: name }));
  }

  faultForm() {
    const method = h("input", { placeholder: "any method", ariaLabel: "Method" });
    method.setAttribute("list", this.methods.id);
    const kind = h("select", { ariaLabel: "Fault" }, Object.keys(FAULTS).map((name) => h("option", {}, name)));
    const times = h("input", { type: "number", min: 1, value: 1, required: true, ariaLabel: "Times" });
    const add = async (event) => {
      event.preventDefault();
      await post("faults", { ...FAULTS[kind.value], method: method.value || null, times: Number(times.value) });
      await this.refreshFaults();
    };
    return h(
      "form",
      { onsubmit: add },
      method,
      h("div", { class: "line" }, kind, times, "×", h("button", { class: "small" }, "Add")),
      this.methods,
    );
  }

  async refreshFaults() {
    const rules = (await this.rules())?.map((rule, index) => ({ index, ...rule }));
    if (!rules) return;
    sync(this.faults, rules, ({ index }) => index, drawFault);
    this.lift.hidden = !rules.length;
  }

  async liftFaults() {
    await clear("faults");
    await this.refreshFaults();
  }
}

function drawFault({ kind, method, times }) {
  return h("li", {}, `${kind} · ${method ?? "any method"} · ${times ?? "∞"} ×`);
}

function drawCall({ method, parameters, started, finished, status, body }) {
  const spent = finished ? `${Math.round(new Date(finished) - new Date(started))} ms` : "…";
  const outcome = finished ? (status ?? "cut") : "";
  const details = h(
    "details",
    { ontoggle: () => details.childElementCount > 1 || details.append(json(parameters), json(body)) },
    h(
      "summary",
      {},
      h("time", {}, new Date(started).toLocaleTimeString()),
      h("b", {}, method),
      h("span", {}, parameters.chat_id),
      h("span", {}, spent),
      h("span", { class: status === 200 ? "fine" : "wrong" }, outcome),
    ),
  );
  return h("li", {}, details);
}

const json = (value) => h("pre", {}, JSON.stringify(value, null, 2));
