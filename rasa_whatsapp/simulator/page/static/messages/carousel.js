import { el } from "../dom.js";
import { rich } from "../formatting.js";
import { t } from "../i18n.js";
import { address, below } from "./buttons.js";
import { film, picture } from "./media.js";

/** Cards side by side, scrolled sideways. */
export function carousel(cards, message, act) {
  return el(
    "div",
    { class: "carousel", role: "group", tabindex: "0", "aria-label": t("cards") },
    ...cards.map(cardOf),
  );

  function cardOf({ header, body, action }) {
    const buttons = (action.buttons ?? []).map(({ quick_reply: reply }) =>
      below(reply.title, () => act.tap(message.id, reply.id), "reply"),
    );
    return el(
      "article",
      { class: "card" },
      header?.image && picture(header.image, act),
      header?.video && film(header.video),
      body?.text && rich(body.text),
      ...buttons,
      action.parameters && address(action.parameters),
    );
  }
}
