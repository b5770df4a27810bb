// Short words that go away by themselves, and questions.

import { h } from "./dom.js";

const SECONDS = 4;

/** Show a few words over a place, by default over the whole page. */
export function notice(words, place = document.querySelector("#notices")) {
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
export function ask(question, hint) {
  return new Promise((resolve) => {
    const input = h("input", { placeholder: hint, ariaLabel: question, autocomplete: "off" });
    const dialog = h(
      "dialog",
      { class: "question", ariaLabel: question },
      h(
        "form",
        { method: "dialog" },
        h("label", {}, question, input),
        h(
          "footer",
          {},
          h("button", { class: "plain", type: "button", onclick: () => dialog.close() }, "Cancel"),
          h("button", { class: "plain", value: "yes" }, "OK"),
        ),
      ),
    );
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? input.value.trim() : null);
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}
