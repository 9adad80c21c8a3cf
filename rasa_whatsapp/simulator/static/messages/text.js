import { el } from "../dom.js";
import { emojiOnly, rich } from "../formatting.js";

export function text({ body }) {
  const emoji = emojiOnly(body);
  if (emoji) return { body: [el("p", { class: `emoji emoji--${emoji}`, text: body.trim() })], look: "emoji" };
  return { body: [rich(body)] };
}

/** A tapped button of a template, as the person's own message. */
export function templateReply({ text: title }) {
  return { body: [el("div", { class: "text" }, el("p", { text: title }))] };
}
