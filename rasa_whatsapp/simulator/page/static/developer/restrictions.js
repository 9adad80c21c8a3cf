/** Meta's restrictions: what the number may not do from now on. */

import { choice, field, form, openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { toast } from "../toast.js";

const PATH = "/control/restrictions";

/** Open the dialog with the restrictions as they are. */
export async function openRestrictions() {
  const { restrictions } = await (await fetch(PATH)).json();
  openDialog(
    t("restrictions"),
    (close) => [
      el("p", { class: "dialog__hint", text: t("restrictionsHint") }),
      form(close, restrictions.map(control), t("apply"), (typed) => order(restrictions, typed, close)),
    ],
    "dialog--restrictions",
  );
}

function control({ name, value, kind, choices }) {
  const label = t(`restrict_${name}`);
  if (kind === "choice") {
    const words = choices.map((word) => [word, t(`choice_${word}`)]);
    return choice(label, { name }, words, value);
  }
  if (kind === "switch") return field(label, { name, type: "checkbox", checked: value });
  if (kind === "list") return field(label, { name, value: (value ?? []).join(", ") });
  return field(label, { name, type: "number", min: 0, step: "any", value: value ?? "" });
}

/** What was typed, as the simulator reads it: null for nothing. */
function given({ kind }, typed) {
  if (kind === "choice") return typed;
  if (kind === "switch") return typed === "on";
  if (!typed) return null;
  return kind === "list" ? typed.split(",").map((each) => each.trim()) : Number(typed);
}

async function order(restrictions, typed, close) {
  const named = Object.fromEntries(restrictions.map((each) => [each.name, given(each, typed[each.name])]));
  const response = await fetch(PATH, { method: "POST", body: JSON.stringify(named) });
  if (response.ok) close(); // before the notice, which else would go with the dialog
  toast(response.ok ? t("restricted") : await response.text());
  return response.ok;
}
