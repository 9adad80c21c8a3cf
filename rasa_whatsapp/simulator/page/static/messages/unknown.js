import { el, json } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** A message this page has no drawing for, as its JSON. */
export function unknown(_, { content }) {
  return { body: [jsonCard(t("unknown", { type: content.type }), content)], look: "wide" };
}

export function jsonCard(title, value) {
  return el(
    "figure",
    { class: "json-card" },
    el("figcaption", {}, icon("code"), el("span", { text: title })),
    json(value),
  );
}
