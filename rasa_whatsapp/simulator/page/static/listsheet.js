/** The sheet of a list message: choose one row, then send it. */

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

/** @param {(rowId: string) => boolean} choose sends the row; the sheet closes when it was sent */
export function openListSheet(message, choose) {
  const { button, sections } = message.content.interactive.action;
  openDialog(button, (close) => [sheet(button, sections, choose, close)], "dialog--list");
}

function sheet(title, sections, choose, close) {
  const send = el("button", { class: "primary", text: t("send"), disabled: true });
  const form = el(
    "form",
    { class: "rows" },
    el("div", { class: "rows__scroll" }, ...sections.map((each) => section(each, title))),
    el("footer", { class: "dialog__footer" }, send),
  );
  form.addEventListener("change", () => {
    send.disabled = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (choose(new FormData(form).get("row"))) close();
  });
  return form;
}

/** A single section needs no title; its rows are then named by the whole sheet's. */
function section({ title, rows }, sheetTitle) {
  const name = title ? {} : { "aria-label": sheetTitle };
  return el("fieldset", name, title && el("legend", { text: title }), ...rows.map(row));
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
