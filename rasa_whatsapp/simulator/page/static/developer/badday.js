/** A bad day: what goes wrong from now on, how likely, and the seed that makes the day come out alike. */

import { field, form, openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { toast } from "../toast.js";

const PATH = "/control/bad-day";

/** Open the dialog with the day as it is. */
export async function openBadDay() {
  const { seed, chances } = await (await fetch(PATH)).json();
  openDialog(
    t("badDay"),
    (close) => [
      el("p", { class: "dialog__hint", text: t("badDayHint") }),
      form(
        close,
        [
          ...Object.entries(chances).map(([trouble, chance]) =>
            field(t(`day_${trouble}`), {
              name: trouble,
              type: "number",
              min: 0,
              max: 100,
              step: "any",
              value: Math.round(chance * 1000) / 10,
            }),
          ),
          field(t("seed"), { name: "seed", type: "number", step: 1, value: seed }),
        ],
        t("apply"),
        (day) => order(day, close),
      ),
    ],
    "dialog--chances",
  );
}

async function order({ seed, ...percents }, close) {
  const chances = Object.fromEntries(
    Object.entries(percents).map(([trouble, percent]) => [trouble, Number(percent) / 100]),
  );
  const response = await fetch(PATH, { method: "POST", body: JSON.stringify({ seed: Number(seed), chances }) });
  if (response.ok) close(); // before the notice, which else would go with the dialog
  const bad = Object.values(chances).some(Boolean);
  toast(response.ok ? t(bad ? "badDayBegan" : "goodDayBegan") : await response.text());
  return response.ok;
}
