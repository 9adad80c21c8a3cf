/** Sending an entry of the log again, as it was or changed. */

import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { parsed } from "./facts.js";

/** The same once more. Resolves when the answer is in the log. */
export function sendAgain(entry) {
  return entry.kind === "webhook" ? post(`/control/webhooks/${entry.id}`) : call(entry, entry.text);
}

/** Change the body in a dialog, then send it. */
export function edit(entry, fail) {
  const text = entry.kind === "webhook" ? entry.body : entry.text;
  const value = parsed(text);
  openDialog(
    t("editAndSend"),
    (close) => {
      const area = el("textarea", {
        class: "edit__body",
        spellcheck: "false",
        rows: 16,
        "aria-label": t("body"),
      });
      area.value = value === null ? text : JSON.stringify(value, null, 2);
      const problem = el("p", { class: "edit__problem", role: "status" });
      const check = () => {
        problem.textContent = parsed(area.value) === null ? t("notJson") : "";
      };
      area.addEventListener("input", check);
      const send = async (event) => {
        event.preventDefault();
        // Line breaks between the parts of JSON mean nothing, and no gateway sends them.
        const changed = parsed(area.value);
        const bytes = changed === null ? area.value : JSON.stringify(changed);
        try {
          await (entry.kind === "webhook" ? post("/control/webhooks", bytes) : call(entry, bytes));
          close();
        } catch (trouble) {
          fail(trouble.message);
        }
      };
      return [
        el("p", {
          class: "dialog__hint",
          text: t(entry.kind === "webhook" ? "signedAfresh" : "calledAfresh"),
        }),
        el(
          "form",
          { class: "form", on: { submit: send } },
          area,
          problem,
          el("button", { class: "primary", text: t("send") }),
        ),
      ];
    },
    "dialog--edit",
  );
}

function call({ method, path, query }, body) {
  return post("/control/calls", JSON.stringify({ method, path, query, body }));
}

async function post(path, body) {
  const response = await fetch(path, { method: "POST", body });
  if (!response.ok) throw new Error(await response.text());
}
