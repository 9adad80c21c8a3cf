/**
 * Modal dialogs: a sheet from below on a phone, a box in the middle on a desktop. The browser's own
 * <dialog> keeps the focus inside, closes on Escape and gives the focus back to what opened it.
 */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

let count = 0;

/**
 * @param {string} title
 * @param {(close: () => void) => Node[]} build makes the content; `close` closes the dialog
 * @param {string} [look] extra class
 */
export function openDialog(title, build, look = "") {
  const id = `dialog-${(count += 1)}`;
  const dialog = el("dialog", { class: `dialog ${look}`, "aria-labelledby": id });
  const close = () => dialog.close();
  dialog.append(
    el(
      "header",
      { class: "dialog__header" },
      el("h2", { id, text: title }),
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: close } },
        icon("close"),
      ),
    ),
    ...build(close),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close(); // the backdrop: everything inside has elements of its own
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("input")?.focus();
  return dialog;
}

/** A labelled input for a dialog's form. */
export function field(label, attributes) {
  return el(
    "label",
    { class: "field" },
    el("span", { text: label }),
    el("input", { autocomplete: "off", ...attributes }),
  );
}

/** A labelled choice among `words`, pairs of a value and its text. */
export function choice(label, attributes, words, chosen) {
  const options = words.map(([value, text]) => el("option", { value, text, selected: value === chosen }));
  return el("label", { class: "field" }, el("span", { text: label }), el("select", attributes, ...options));
}

/**
 * A form whose fields are handed to `submit` as one object of trimmed strings. It closes when `submit`
 * answers true, at once or by a promise; else what was typed stays there to be tried again.
 */
export function form(close, fields, button, submit) {
  const send = el("button", { class: "primary", text: button });
  const onSubmit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    for (const name of Object.keys(values)) values[name] = values[name].trim();
    send.disabled = true; // an upload takes a while, and is meant once
    if (await submit(values)) close();
    send.disabled = false;
  };
  return el("form", { class: "form", on: { submit: onSubmit } }, ...fields, send);
}
