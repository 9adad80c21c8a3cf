/** The sheet of a list message: choose one row, then send it. */

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

/** @param {(rowId: string) => void} choose */
export function openListSheet(message, choose) {
  const { button, sections } = message.content.interactive.action;
  openDialog(button, (close) => [sheet(sections, choose, close)], "dialog--list");
}

function sheet(sections, choose, close) {
  const send = el("button", { class: "primary", text: t("send"), disabled: true });
  const form = el(
    "form",
    { class: "rows" },
    el("div", { class: "rows__scroll" }, ...sections.map(section)),
    el("footer", { class: "dialog__footer" }, send),
  );
  form.addEventListener("change", () => {
    send.disabled = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(new FormData(form).get("row"));
    close();
  });
  return form;
}

function section({ title, rows }) {
  return el("fieldset", {}, title && el("legend", { text: title }), ...rows.map(row));
}

function row({ id, title, description }) {
  return el(
    "label",
    { class: "rows__row" },
    el(
      "span",
      { class: "rows__words" },
      el("span", { text: title }),
      description && el("small", { text: description }),
    ),
    el("input", { type: "radio", name: "row", value: id }),
  );
}
