// Faces, drawn from a number: the same person always looks the same.

const NAMESPACE = "http://www.w3.org/2000/svg";
const SKIN = ["#f6d3b3", "#eab98f", "#d69a6c", "#a86f45", "#7d4e2d", "#fbe0c8"];
const HAIR = ["#2b1d16", "#5b3a21", "#a5672a", "#d9a441", "#8c8c8c", "#1d2530", "#b5432e"];
const BACK = ["#ff885e", "#febb5b", "#9d8df1", "#5fbf6a", "#4fb8c9", "#5aa9e6", "#ee7aae"];
const CUTS = [
  "M18 40 Q17 15 40 15 Q63 15 62 40 Q56 27 40 27 Q24 27 18 40Z",
  "M17 58 Q14 14 40 14 Q66 14 63 58 L57 58 Q60 30 44 26 Q26 28 23 58Z",
  "M20 36 Q22 16 42 16 Q60 18 60 36 Q50 22 36 28 Q26 30 20 36Z",
  "M18 42 Q14 12 40 13 Q66 12 62 42 Q60 30 52 30 Q44 31 40 25 Q34 32 26 31 Q20 32 18 42Z",
];

function shape(parent, name, attributes) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

/** Spread numbers that lie side by side over all the choices. */
function chooser(number) {
  let state = (Math.abs(number) * 2654435761 + 40503) % 4294967296;
  return (choices) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return choices[Math.floor((state / 4294967296) * choices.length)];
  };
}

function canvas(color) {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 80 80");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("face");
  shape(svg, "rect", { width: 80, height: 80, fill: color });
  return svg;
}

/** Draw a person. */
export function face(number) {
  const choose = chooser(number);
  const svg = canvas(choose(BACK));
  const [skin, hair] = [choose(SKIN), choose(HAIR)];
  shape(svg, "path", { d: "M10 84 Q12 62 40 62 Q68 62 70 84Z", fill: choose(BACK) });
  shape(svg, "rect", { x: 33, y: 50, width: 14, height: 17, rx: 7, fill: skin });
  shape(svg, "ellipse", { cx: 40, cy: 40, rx: 19, ry: 21, fill: skin });
  shape(svg, "path", { d: choose(CUTS), fill: hair });
  for (const x of [33, 47]) shape(svg, "circle", { cx: x, cy: 41, r: 2.2, fill: "#2a2320" });
  const smile = choose(["M33 50 Q40 57 47 50", "M34 51 Q40 55 46 51", "M33 50 Q41 54 47 48"]);
  const line = { fill: "none", stroke: "#2a2320", "stroke-width": 2, "stroke-linecap": "round" };
  shape(svg, "path", { d: smile, ...line });
  if (choose([true, false, false])) {
    const round = { cy: 41, r: 6, fill: "none", stroke: "#2a2320", "stroke-width": 1.6 };
    for (const x of [33, 47]) shape(svg, "circle", { cx: x, ...round });
  }
  return svg;
}

/** Draw a sign for a group: the first letters of its name. */
export function sign(name, number) {
  const svg = canvas(chooser(number)(BACK));
  const letters = name.split(/\s+/).map(([first]) => first ?? "");
  const text = shape(svg, "text", { x: 40, y: 51, "text-anchor": "middle", class: "letters" });
  text.textContent = letters.slice(0, 2).join("").toUpperCase();
  return svg;
}
