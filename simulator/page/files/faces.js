// Faces of those who have no photo, as Telegram draws them: two letters on a color.

const NAMESPACE = "http://www.w3.org/2000/svg";
const COLORS = ["#c24a3a", "#a8620f", "#7b58c9", "#39803f", "#1c7a88", "#2a72b5", "#b8447c"];

function shape(parent, name, attributes) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

/** Draw whoever or whatever has this name and number: always the same color. */
export function face(name, number) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 80 80");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("face");
  shape(svg, "rect", { width: 80, height: 80, fill: COLORS[Math.abs(number) % COLORS.length] });
  const text = shape(svg, "text", { x: 40, y: 51, "text-anchor": "middle", class: "letters" });
  const firsts = name.split(/\s+/).map((word) => word.match(/\p{L}/u)?.[0]);
  text.textContent = firsts.filter(Boolean).slice(0, 2).join("").toUpperCase();
  return svg;
}
