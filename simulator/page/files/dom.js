// Elements, made and kept up to date.

/**
 * Make an element. Functions listen to events, properties the element knows are set, others
 * become attributes; what is null or false, a child too, is left out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

/** Make an icon out of one path, 24 units wide. */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * Show the items in the parent, each drawn once and again when it has changed. What has not
 * changed is not touched: a selection, an open quote and the focus stay.
 */
export function sync(parent, items, key, draw) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const names = items.map((item) => String(key(item)));
  for (const [name, element] of old) if (!names.includes(name)) element.remove();
  items.forEach((item, index) => {
    const name = names[index];
    const element = current(old.get(name), item, draw);
    element.dataset.key = name;
    if (old.size && !old.has(name)) element.classList.add("new");
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index]);
  });
}

/** Return the element that shows an item: the one that is there, or a new one in its place. */
function current(there, item, draw) {
  const state = JSON.stringify(item);
  if (there?.state === state) return there;
  const element = draw(item);
  element.state = state;
  if (there) replace(there, element);
  return element;
}

function replace(old, element) {
  const place = [...old.querySelectorAll("button")].indexOf(document.activeElement);
  old.replaceWith(element);
  // Who pressed a button with the keyboard goes on from there.
  const buttons = element.querySelectorAll("button");
  if (place >= 0) buttons[Math.min(place, buttons.length - 1)]?.focus({ preventScroll: true });
}
