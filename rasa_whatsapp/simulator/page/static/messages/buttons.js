/** Things to tap in a message. */

import { el, webAddress } from "../dom.js";
import { icon } from "../icons.js";

/** A button below the bubble. */
export function below(title, act, sign) {
  return el(
    "button",
    { type: "button", class: "choice", on: { click: act } },
    icon(sign),
    el("span", { text: title }),
  );
}

/** A button at the foot of the bubble. */
export function foot(title, sign, act) {
  return el(
    "button",
    { type: "button", class: "offer__foot", on: { click: act } },
    icon(sign),
    el("span", { text: title }),
  );
}

/** A link at the foot of the bubble. */
export function address({ display_text: title, url }) {
  const href = webAddress(url);
  const props = href
    ? { href, target: "_blank", rel: "noopener noreferrer", title: href }
    : { "aria-disabled": "true" };
  return el("a", { class: "offer__foot", ...props }, icon("open"), el("span", { text: title }));
}
