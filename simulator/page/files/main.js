// The page: which chats are open is in its address, everything else on the server.

import { ChatList } from "./chats.js";
import { Pane } from "./pane.js";
import { Hint } from "./hint.js";
import { Panel } from "./panel.js";
import { chatOf, entries, keyOf, load, privateChats } from "./world.js";
import { h, icon } from "./dom.js";
import { watch } from "./api.js";

const MOON = "M20 14A8 8 0 1110 4a7 7 0 0010 10z";
const CODE = "M8 7l-5 5 5 5M16 7l5 5-5 5";
const wide = matchMedia("(min-width: 1100px)");
const phone = matchMedia("(max-width: 720px)");

const tool = (label, path, onclick) =>
  h("button", { class: "round", title: label, ariaLabel: label, onclick }, icon(path));
const panel = new Panel(document.querySelector("#panel"));
const hint = new Hint(document.querySelector("#hint"));
const list = new ChatList(document.querySelector("#chats"), {
  open,
  tools: [tool("Light or dark", MOON, switchTheme), tool("For developers", CODE, () => panel.toggle())],
});
const panes = [0, 1].map(
  (index) =>
    new Pane({
      opened: (key) => put(index, key),
      beside: (key) => open(key, true),
      focused: () => activate(index),
    }),
);
let active = 0;

/** Return the keys of the chats that the address names, as many as there is room for. */
function addressed() {
  const names = new URLSearchParams(location.hash.slice(1)).keys();
  return [...names].filter(chatOf).slice(0, wide.matches ? 2 : 1);
}

function put(index, key) {
  const keys = addressed();
  keys[index] = key;
  location.hash = keys.filter(Boolean).join("&");
}

function open(key, beside) {
  const keys = addressed();
  const there = keys.indexOf(key);
  if (there >= 0) {
    activate(there);
    return show();
  }
  const index = wide.matches && beside ? Math.min(1 - active, keys.length) : Math.min(active, keys.length);
  activate(index);
  return put(index, key);
}

function activate(index) {
  active = index;
  panes.forEach((pane, each) => pane.element.classList.toggle("active", each === index));
  list.draw(addressed(), addressed()[index]);
}

/** Show the chats the address names. */
async function show() {
  const keys = addressed();
  document.body.classList.toggle("reading", keys.length > 0);
  panes.forEach((pane, index) => (pane.element.hidden = !keys[index]));
  activate(Math.min(active, Math.max(0, keys.length - 1)));
  await Promise.all(keys.map((key, index) => panes[index].open(key)));
  panes.slice(keys.length).forEach((pane) => (pane.key = ""));
  list.draw(keys, keys[active]);
}

async function reload(options) {
  await load(options);
  const first = privateChats().slice(0, 2).map(keyOf);
  // Who is named in the address may come in a moment, as after a reset.
  if (!addressed().length && !phone.matches && first.length) {
    history.replaceState(null, "", `#${first.join("&")}`);
  }
  await Promise.all([show(), hint.load(), panel.load()]);
}

/** Changes come in bursts; one look at the server answers all of a burst. */
function soon(job) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      job();
    }, 30);
  };
}

let names = ["chats"];
const refresh = soon(async () => {
  const wanted = names;
  names = ["chats"];
  await load({ names: wanted });
  await show();
});
const refreshCalls = soon(() => panel.refresh());

function changed(change) {
  if (change.kind === "clear") {
    panel.forget();
    panes.forEach((pane) => (pane.key = ""));
    return reload({ forget: true });
  }
  panes.forEach((pane) => pane.changed(change));
  if (change.kind === "call" || change.kind === "reply") refreshCalls();
  if (change.kind === "hint") return hint.load();
  // Of who there is and who is in a group, other changes tell nothing.
  if (["account", "member"].includes(change.kind)) names = undefined;
  // A bot that polls has read what was there; what else it asks shows in changes of their own.
  if (change.kind !== "reply" && (change.kind !== "call" || change.method === "getUpdates")) refresh();
  return undefined;
}

function switchTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches;
  const next = (dark || (!localStorage.theme && system)) ? "light" : "dark";
  localStorage.theme = next;
  document.documentElement.style.colorScheme = next;
}

function keyed(event) {
  if (event.key === "Escape") document.activeElement.blur();
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  // What a question is about stays where it was asked.
  if (document.querySelector("dialog.question")) return;
  event.preventDefault();
  const here = panes[active].key;
  const keys = entries().map(keyOf).filter((key) => key === here || !addressed().includes(key));
  const step = event.key === "ArrowDown" ? 1 : keys.length - 1;
  open(keys[(keys.indexOf(here) + step) % keys.length]);
}

document.querySelector("#panes").append(...panes.map((pane) => pane.element));
document.documentElement.style.colorScheme = localStorage.theme ?? "";
addEventListener("hashchange", show);
addEventListener("keydown", keyed);
wide.addEventListener("change", show);
watch({
  changed,
  connected: () => {
    document.body.classList.remove("lost");
    reload();
  },
  lost: () => document.body.classList.add("lost"),
});
