/** Where messages are written: text, the message replied to, and the menu of things to attach. */

import { el } from "./dom.js";
import { emojiItems } from "./emojis.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { summary } from "./summary.js";

export class Composer {
  #form;
  #input;
  #replyBar;
  #state;
  #commands;
  #nameOf;
  #drafts = new Map();
  #chat = "";
  #replyTo = null;

  /** @param {{icon: string, text: string, act: (replyTo?: string) => void}[]} attachments texts are keys */
  constructor(root, state, commands, nameOf, attachments) {
    this.#form = root.querySelector("#composer");
    this.#input = root.querySelector("#text");
    this.#replyBar = root.querySelector("#reply");
    this.#state = state;
    this.#commands = commands;
    this.#nameOf = nameOf;

    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#fit());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    const emoji = root.querySelector("#emoji");
    emoji.addEventListener("click", () =>
      openMenu(
        emoji,
        emojiItems((text) => this.#insert(text)),
        { look: "emojis" },
      ),
    );
    const attach = root.querySelector("#attach");
    attach.addEventListener("click", () => {
      const items = attachments.map((item) => ({
        ...item,
        text: t(item.text),
        act: () => item.act(this.#replyTo?.id),
      }));
      openMenu(attach, items);
    });
  }

  /** Another chat was opened: its draft comes back. */
  open() {
    this.#drafts.set(this.#chat, this.#input.value);
    this.#chat = this.#state.selected;
    this.#input.value = this.#drafts.get(this.#chat) ?? "";
    this.setReply(null);
    this.#fit();
  }

  focus() {
    this.#input.focus();
  }

  /** The id of the message that the next one answers; undefined for none. */
  get replyTo() {
    return this.#replyTo?.id;
  }

  /** Show what the next message answers; null for nothing. */
  setReply(message) {
    this.#replyTo = message;
    this.redraw();
    if (message) this.focus();
  }

  /** Draw what the next message answers afresh. */
  redraw() {
    const message = this.#replyTo;
    this.#replyBar.hidden = !message;
    if (!message) return;
    const { icon: sign, text } = summary(message);
    const cancel = () => {
      this.setReply(null);
      this.focus();
    };
    this.#replyBar.replaceChildren(
      el(
        "div",
        { class: `quote quote--${message.from}` },
        el("strong", { text: t("replyTo", { name: this.#nameOf(message) }) }),
        el("span", {}, sign && icon(sign), text),
      ),
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("cancelReply"), on: { click: cancel } },
        icon("close"),
      ),
    );
  }

  /** The answer is on its way: there is nothing to reply to any more. */
  noticeSent(message) {
    if (this.#replyTo && message.from === "user" && message.reply_to === this.#replyTo.id)
      this.setReply(null);
  }

  #submit() {
    const text = this.#input.value.trim();
    // Without a connection the text stays where it is.
    if (!text || !this.#commands.text(text, this.#replyTo?.id)) return;
    this.#input.value = "";
    this.#fit();
  }

  /** In place of what is selected, where the text is written. */
  #insert(text) {
    this.#input.setRangeText(text, this.#input.selectionStart, this.#input.selectionEnd, "end");
    this.#fit();
    this.focus();
  }

  #key(event) {
    if (event.key === "Escape" && this.#replyTo) this.setReply(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #fit() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    this.#form.classList.toggle("composer--empty", this.#input.value.trim() === "");
  }
}
