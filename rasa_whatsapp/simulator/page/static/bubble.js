/** One message in the chat: what it quotes, its content, time, ticks, reactions, error and options. */

import { el } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { clockTime, t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { renderContent } from "./messages/index.js";
import { openPrice, priceWords } from "./price.js";
import { summary } from "./summary.js";

const TICKS = { pending: "clock", sent: "tick", delivered: "ticks", read: "ticks", failed: "alert" };
const QUICK_REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/**
 * @param {object} message
 * @param {object} context `act` (see main.js), `nameOf(message)`, `find(id)`
 * @returns {{node: HTMLElement, update: (message: object) => void}}
 */
export function createBubble(message, { act, nameOf, find }) {
  let current = message;
  const { body, foot, choices, after, look } = renderContent(message, act);
  const ticks = icon("clock");
  const error = el("p", { class: "bubble__error", hidden: true });
  const reactions = el("div", { class: "reactions" });
  const options = el(
    "button",
    {
      type: "button",
      class: "bubble__options",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": t("options"),
    },
    icon("more"),
  );
  options.addEventListener("click", () => openOptions(options, current, act));

  const mine = message.from === "user";
  const node = el(
    "li",
    { class: `row row--${mine ? "out" : "in"}`, data: { id: message.id } },
    el(
      "div",
      { class: "stack" },
      el(
        "article",
        { class: `bubble ${look}`, "aria-label": `${nameOf(message)}, ${clockTime(message.at)}` },
        message.forwarded && forwardedLabel(message.forwarded),
        message.reply_to && quote(find(message.reply_to), nameOf, act),
        el(
          "div",
          { class: "bubble__main" },
          el("div", { class: "bubble__content" }, ...body),
          el(
            "footer",
            { class: "bubble__meta" },
            el("time", { datetime: new Date(message.at * 1000).toISOString(), text: clockTime(message.at) }),
            ticks,
          ),
        ),
        ...foot,
        options,
      ),
      reactions,
      ...choices,
    ),
    ...after,
    error,
  );

  function update(changed) {
    current = changed;
    const failed = changed.status === "failed";
    const status = changed.status ?? "pending";
    ticks.toggleAttribute("hidden", !mine && !failed);
    setIcon(ticks, TICKS[status], t(status));
    ticks.classList.toggle("icon--read", status === "read");
    node.classList.toggle("row--failed", failed);
    error.hidden = !failed;
    error.textContent = failed ? changed.error || t("notDelivered") : "";
    reactions.replaceChildren(...reactionsOf(changed, nameOf, act));
    node.classList.toggle("row--reacted", reactions.childElementCount > 0);
  }

  update(message);
  return { node, update };
}

function forwardedLabel(how) {
  const [sign, text] = how === "often" ? ["forwardedOften", "forwardedOften"] : ["forward", "forwarded"];
  return el("p", { class: "bubble__forwarded" }, icon(sign), el("span", { text: t(text) }));
}

function quote(quoted, nameOf, act) {
  if (!quoted) return el("div", { class: "quote" }, el("span", { text: t("quoteMissing") }));
  const { icon: sign, text } = summary(quoted);
  return el(
    "button",
    { type: "button", class: `quote quote--${quoted.from}`, on: { click: () => act.show(quoted.id) } },
    el("strong", { text: nameOf(quoted) }),
    el("span", {}, sign && icon(sign), text),
  );
}

function reactionsOf(message, nameOf, act) {
  const given = Object.entries(message.reactions).filter(([, emoji]) => emoji);
  return given.map(([from, emoji]) => {
    const label = t("reacted", { name: nameOf({ from }), emoji });
    if (from === "bot")
      return el("span", { class: "reaction", role: "img", "aria-label": label, text: emoji });
    const remove = () => act.react(message.id, "");
    return el("button", {
      type: "button",
      class: "reaction",
      "aria-label": `${label}. ${t("unreact")}`,
      text: emoji,
      on: { click: remove },
    });
  });
}

function openOptions(anchor, message, act) {
  const items = [
    { icon: "reply", text: t("reply"), act: () => act.reply(message) },
    { icon: "forward", text: t("forward"), act: () => act.forward(message) },
    { icon: "code", text: t("showJson"), act: () => act.showJson(message) },
  ];
  if (message.price)
    items.push({ icon: "coin", text: priceWords(message.price), act: () => openPrice(message.price) });
  if (message.text)
    items.splice(1, 0, {
      icon: "copy",
      text: t("copy"),
      act: () => navigator.clipboard.writeText(message.text),
    });
  const quick = QUICK_REACTIONS.map((emoji) => ({
    text: emoji,
    label: t("react", { emoji }),
    act: () => act.react(message.id, emoji),
  }));
  openMenu(anchor, items, { quick });
}
