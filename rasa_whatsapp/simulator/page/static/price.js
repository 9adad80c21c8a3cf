/** What Meta charges for a message, and why, from the `pricing` of its status. */

import { el } from "./dom.js";
import { openDialog } from "./dialog.js";
import { t } from "./i18n.js";

/** "free · service", "charged · utility". */
export function priceWords({ billable, category }) {
  return `${t(billable ? "charged" : "free")} · ${category}`;
}

/** The reason, in a sentence. */
export function priceReason({ billable, type, category }) {
  if (type === "free_entry_point") return t("price_entry");
  if (!billable) return t(category === "utility" ? "price_utility" : "price_service");
  return t(category === "utility" ? "price_late" : "price_template");
}

/** Both in a dialog. */
export function openPrice(pricing) {
  openDialog(t("price"), () => [
    el(
      "div",
      { class: "dialog__text" },
      el("p", {}, el("strong", { text: priceWords(pricing) })),
      el("p", { text: priceReason(pricing) }),
    ),
  ]);
}
