/** Interactive messages: what the bot offers, and what a person chose. */

import { el } from "../dom.js";
import { rich } from "../formatting.js";
import { address, below, foot } from "./buttons.js";
import { carousel } from "./carousel.js";
import { COMMERCE } from "./commerce.js";
import { card, film, picture } from "./media.js";
import { ANSWERS, REQUESTS } from "./requests.js";
import { jsonCard } from "./unknown.js";

export function interactive(content, message, act) {
  const kind = content.type;
  if (kind === "button_reply" || kind === "list_reply") return chosen(content[kind]);
  if (Object.hasOwn(ANSWERS, kind))
    return { body: [el("p", { class: "text", text: ANSWERS[kind](content) })] };
  const offer = Object.hasOwn(OFFERS, kind) ? OFFERS[kind] : unfamiliar;
  const { body = [], look = "", ...places } = offer(content, message, act);
  const hasPicture = content.header && content.header.type !== "text";
  return {
    ...places,
    body: [...header(content.header, act), ...words(content), ...body],
    look: `offer ${hasPicture ? "media" : ""} ${look}`,
  };
}

const OFFERS = {
  button: ({ action }, message, act) => ({
    choices: action.buttons.map(({ reply }) =>
      below(reply.title, () => act.tap(message.id, reply.id), "reply"),
    ),
  }),
  list: ({ action }, message, act) => ({ foot: [foot(action.button, "list", () => act.openList(message))] }),
  cta_url: ({ action }) => ({ foot: [address(action.parameters)] }),
  carousel: ({ action }, message, act) => ({ after: [carousel(action.cards, message, act)] }),
  ...REQUESTS,
  ...COMMERCE,
};

/** A kind of offer that this page cannot act on is shown as it came. */
function unfamiliar(content) {
  return { body: [jsonCard(content.type, content.action ?? content)], look: "wide" };
}

function chosen({ title, description }) {
  return {
    body: [
      el(
        "div",
        { class: "text" },
        description && el("strong", { text: title }),
        el("p", { text: description || title }),
      ),
    ],
  };
}

function header(content, act) {
  if (!content) return [];
  const file = content[content.type];
  const render = {
    text: (title) => el("strong", { class: "offer__title", text: title }),
    image: picture,
    video: film,
    document: card,
  };
  return [render[content.type](file, act)];
}

function words({ body, footer }) {
  return [
    body?.text && rich(body.text),
    footer?.text && el("p", { class: "offer__footer", text: footer.text }),
  ].filter(Boolean);
}
