// Short words that go away by themselves, and questions.

import { h } from "./dom.js";

const SECONDS = 4;

/** Show a few words over a place, by default over the whole page, instead of the last ones. */
export function notice(words, place = document.querySelector("#notices")) {
  place.querySelector(".notice")?.remove();
  const shown = h("div", { class: "notice" }, words);
  place.append(shown);
  setTimeout(() => shown.remove(), SECONDS * 1000);
}

/** Show words that have to be read. */
export function tell(words, place) {
  const dialog = h(
    "dialog",
    { class: "alert", role: "alertdialog", ariaLabel: words },
    h("p", {}, words),
    h("form", { method: "dialog" }, h("button", { class: "plain", autofocus: true }, "OK")),
  );
  dialog.onclose = () => dialog.remove();
  dialog.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    dialog.close();
  };
  place.append(dialog);
  dialog.show();
}

/** Ask for a line of text; null when the reader thinks better of it. */
export async function ask(question, hint) {
  const input = h("input", { placeholder: hint, ariaLabel: question, autocomplete: "off" });
  return (await answered(question, "OK", h("label", {}, question, input))) ? input.value.trim() : null;
}

/** Ask whether to go on; `yes` is what the button says that does. */
export const sure = (question, yes) => answered(question, yes, h("p", {}, question));

/** Show a dialog around these parts until it is closed, and return whether it was with `yes`. */
export function answered(title, yes, ...parts) {
  return new Promise((resolve) => {
    const cancel = h("button", { class: "plain", type: "button", onclick: () => dialog.close() }, "Cancel");
    const footer = h("footer", {}, cancel, yes && h("button", { class: "plain", value: "yes" }, yes));
    const dialog = h(
      "dialog",
      { class: "question", ariaLabel: title },
      h("form", { method: "dialog" }, parts, footer),
    );
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}
