/** What Meta decides about the account: its restrictions, and the review of templates and Flows. */

import { t } from "../i18n.js";
import { openRestrictions } from "./restrictions.js";
import { openReview } from "./review.js";

/** The items of a menu. */
export function accountItems() {
  return [
    { icon: "lock", text: `${t("restrictions")} …`, act: openRestrictions },
    { icon: "template", text: `${t("review")} …`, act: openReview },
  ];
}
