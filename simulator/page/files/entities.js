// Text with its entities, as Telegram shows it. Offsets are in UTF-16, as in JavaScript.

import { h } from "./dom.js";
import { notice } from "./notices.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const LINKS = {
  text_link: (span) => span.url,
  url: (span, words) => (/^\w+:\/\//.test(words) ? words : `https://${words}`),
  email: (span, words) => `mailto:${words}`,
  phone_number: (span, words) => `tel:${words}`,
  mention: (span, words) => `https://t.me/${words.slice(1)}`,
  text_mention: (span) => `tg://user?id=${span.user.id}`,
};

/** Return nodes; `act` is told of a command or a link that was clicked. */
export function formatted(text = "", entities = [], act = () => {}) {
  const spans = entities.map((one) => ({ ...one, start: one.offset, end: one.offset + one.length }));
  return nest(text, 0, text.length, spans, act);
}

function nest(text, start, end, spans, act) {
  const nodes = [];
  const queue = [...spans];
  let at = start;
  while (queue.length) {
    const span = queue.shift();
    const [inside, outside] = split(queue, span.end);
    const words = text.slice(span.start, span.end);
    nodes.push(text.slice(at, span.start));
    nodes.push(wrapped(span, words, nest(text, span.start, span.end, inside, act), act));
    queue.unshift(...outside);
    at = span.end;
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}

/** Take out of the queue what begins before `end`; what reaches further goes on behind it. */
function split(queue, end) {
  const [inside, outside] = [[], []];
  while (queue.length && queue[0].start < end) {
    const span = queue.shift();
    inside.push({ ...span, end: Math.min(span.end, end) });
    if (span.end > end) outside.push({ ...span, start: end });
  }
  return [inside, outside];
}

function wrapped(span, words, nodes, act) {
  if (TAGS[span.type]) return styled(span, words, nodes);
  if (LINKS[span.type]) return link(LINKS[span.type](span, words), nodes, act);
  switch (span.type) {
    case "spoiler":
      return pressable("span", "spoiler", reveal, nodes);
    case "blockquote":
      return h("blockquote", {}, nodes);
    case "expandable_blockquote":
      return pressable("blockquote", "expandable", reveal, nodes);
    case "pre":
      return h("pre", { onclick: copied(words) }, span.language && h("i", {}, span.language), nodes);
    case "date_time":
      return h("time", { title: words }, moment(span.unix_time, span.date_time_format) ?? nodes);
    case "bot_command":
      return pressable("span", "link", () => act({ command: words }), nodes);
    case "hashtag":
    case "cashtag":
      return h("span", { class: "link" }, nodes);
    default:
      return h("span", {}, nodes);
  }
}

function styled(span, words, nodes) {
  const properties = span.type === "code" ? { onclick: copied(words), title: "Copy" } : {};
  return h(TAGS[span.type], properties, nodes);
}

/** Links that lead into Telegram stay here; a scheme a browser would run is none. */
function link(url, nodes, act) {
  if (!/^(https?|mailto|tel|tg|ton):/i.test(url)) return h("span", {}, nodes);
  const onclick = (event) => act({ url }) && event.preventDefault();
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick }, nodes);
}

/** Make something to press whose text can be selected, which a button's cannot. */
function pressable(tag, name, onclick, nodes) {
  const onkeydown = (event) => event.key === "Enter" && onclick(event);
  return h(tag, { class: name, role: "button", tabIndex: 0, onclick, onkeydown }, nodes);
}

function reveal(event) {
  event.currentTarget.classList.toggle("open");
}

function copied(words) {
  return async () => {
    if (getSelection().isCollapsed) await copy(words);
  };
}

export async function copy(words) {
  await navigator.clipboard.writeText(words);
  notice("Copied to the clipboard.");
}

/** Return a moment in the reader's own words: "r" is relative, w d D t T are parts. */
function moment(seconds, shape) {
  if (!shape) return null;
  const date = new Date(seconds * 1000);
  if (shape === "r") return relative((date - Date.now()) / 1000);
  const options = {};
  if (shape.includes("w")) options.weekday = "long";
  if (/d/.test(shape)) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (/D/.test(shape)) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(shape)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (/T/.test(shape)) options.second = "2-digit";
  return new Intl.DateTimeFormat(undefined, options).format(date);
}

function relative(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? units.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(
    Math.round(seconds / size),
    unit,
  );
}
