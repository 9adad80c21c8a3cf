import { el } from "../dom.js";
import { emojiOnly, rich } from "../formatting.js";
import { t } from "../i18n.js";

export function text({ body }) {
  const emoji = emojiOnly(body);
  if (emoji) return { body: [el("p", { class: `emoji emoji--${emoji}`, text: body.trim() })], look: "emoji" };
  return { body: [rich(body)] };
}

/** A message that a group keeps at its top. */
export function pin({ type, message_id: id }, _, act) {
  const words = t(type === "unpin" ? "unpinned" : "pinned");
  return {
    body: [el("button", { type: "button", class: "link", text: words, on: { click: () => act.show(id) } })],
  };
}

/** A tapped button of a template, as the person's own message. */
export function templateReply({ text: title }) {
  return { body: [el("div", { class: "text" }, el("p", { text: title }))] };
}
