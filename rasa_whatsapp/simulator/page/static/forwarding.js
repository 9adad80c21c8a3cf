/** Forwarding a message to the bot, as one that came from somebody else. */

import { form, openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { summary } from "./summary.js";

/** @param {(often: boolean) => boolean} send */
export function openForward(message, nameOf, send) {
  const { icon: sign, text } = summary(message);
  openDialog(t("forwardTo", { name: nameOf({ from: "bot" }) }), (close) => [
    form(
      close,
      [
        el(
          "div",
          { class: "quote" },
          el("strong", { text: nameOf(message) }),
          el("span", {}, sign && icon(sign), text),
        ),
        el(
          "label",
          { class: "check" },
          el("input", { type: "checkbox", name: "often" }),
          el("span", { text: t("forwardedOften") }),
        ),
      ],
      t("forward"),
      ({ often }) => send(often === "on"),
    ),
  ]);
}
