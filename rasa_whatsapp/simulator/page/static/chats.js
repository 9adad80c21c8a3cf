/** The list of chats: one for each person who writes to the bot. */

import { now } from "./clock.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { clockTime, dayKey, dayName, nameText, phoneText, t } from "./i18n.js";
import { summary } from "./summary.js";

const COLOURS = 6;

export class Chats {
  #list;
  #state;
  #scheduled = false;

  constructor(root, state) {
    this.#list = root.querySelector("#chats");
    this.#state = state;
  }

  /** Draw the list with the next frame: many messages at once are one drawing. */
  draw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const users = [...this.#state.users.values()];
    const latest = (user) => this.#state.chat(user.key).at(-1)?.at ?? 0;
    users.sort((one, other) => latest(other) - latest(one));
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.hash : "";
    this.#list.replaceChildren(...users.map((user) => this.#row(user)));
    if (focused) [...this.#list.querySelectorAll("a")].find(({ hash }) => hash === focused)?.focus();
  }

  #row(user) {
    const { selected } = this.#state;
    const message = this.#state.chat(user.key).at(-1);
    const unread = user.key === selected ? 0 : this.#state.unread(user.key);
    return el(
      "li",
      {},
      el(
        "a",
        {
          class: "chat",
          href: `#${user.key}`,
          title: phoneText(user),
          "aria-current": user.key === selected && "true",
        },
        avatar(user),
        el("strong", { class: "chat__name", text: nameText(user) }),
        message && el("time", { class: "chat__time", text: shortTime(message.at) }),
        this.#preview(user, message),
        unread > 0 &&
          el("span", {
            class: "badge",
            role: "img",
            "aria-label": t("unread", { count: unread }),
            text: unread,
          }),
      ),
    );
  }

  #preview(user, message) {
    if (this.#state.isTyping(user.key))
      return el("span", { class: "chat__text chat__text--typing", text: t("typing") });
    if (!message) return el("span", { class: "chat__text", text: phoneText(user) });
    const { icon: sign, text } = summary(message);
    const words = message.from === "user" ? `${t("you")}: ${text}` : text;
    return el("span", { class: "chat__text" }, sign && icon(sign), words);
  }
}

function avatar({ name, key }) {
  const colour = [...key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS;
  const initial = [...name.trim()][0]?.toUpperCase();
  return el("span", { class: `avatar avatar--${colour}`, "aria-hidden": "true" }, initial ?? icon("person"));
}

function shortTime(seconds) {
  return dayKey(seconds) === dayKey(now()) ? clockTime(seconds) : dayName(seconds);
}
