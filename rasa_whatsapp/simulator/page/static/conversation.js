/** The open chat: its messages in order, days between them, the typing bubble, and where it is scrolled to. */

import { silence } from "./audio.js";
import { createBubble } from "./bubble.js";
import { now } from "./clock.js";
import { el } from "./dom.js";
import { dayKey, dayName, t } from "./i18n.js";

const PAGE = 200;
const NEAR_PX = 80;

export class Conversation {
  #scroller;
  #list;
  #typing;
  #latest;
  #state;
  #context;
  #bubbles = new Map();
  #lastDay = null;
  #lastAt = 0;
  #today = "";
  #shown = PAGE;
  #following = true;

  constructor(root, state, act, nameOf) {
    this.#scroller = root.querySelector("#scroller");
    this.#list = root.querySelector("#messages");
    this.#typing = root.querySelector("#typing");
    this.#latest = root.querySelector("#latest");
    this.#state = state;
    this.#context = { act, nameOf, find: (id) => state.message(id) };

    this.#latest.addEventListener("click", () => this.#toEnd());
    this.#scroller.addEventListener("scroll", () => this.#noticeScroll(), { passive: true });
    // Pictures arrive after their bubbles; whoever reads the latest message keeps seeing it.
    new ResizeObserver(() => this.#following && this.#toEnd()).observe(this.#list);
    new ResizeObserver(() => this.#following && this.#toEnd()).observe(this.#scroller);
  }

  /** Draw the selected chat afresh, at its end. */
  open() {
    this.#shown = PAGE;
    this.redraw();
    this.#toEnd();
  }

  /** Draw the selected chat afresh where it is. */
  redraw() {
    const messages = this.#state.chat(this.#state.selected);
    // A whole chat is not news to a screen reader; single messages are.
    this.#list.parentElement.setAttribute("aria-busy", "true");
    silence();
    this.#list.replaceChildren();
    this.#bubbles.clear();
    this.#lastDay = null;
    this.#lastAt = 0;
    this.#today = dayKey(now());
    if (messages.length > this.#shown) this.#list.append(this.#earlierButton());
    for (const message of messages.slice(-this.#shown)) this.#append(message);
    if (messages.length === 0) this.#list.append(el("li", { class: "empty", text: t("noMessages") }));
    this.showTyping();
    requestAnimationFrame(() => this.#list.parentElement.setAttribute("aria-busy", "false"));
  }

  /** A message of the selected chat is new or has changed. */
  show(message) {
    const known = this.#bubbles.get(message.id);
    if (known) known.update(message);
    else if (this.#mustRedraw(message)) this.redraw();
    else this.#append(message);
    if (!known && (message.from === "user" || this.#following)) this.#toEnd();
  }

  /** The clock was moved: on another day, days are called otherwise. */
  noticeTime() {
    if (dayKey(now()) !== this.#today) this.redraw();
  }

  showTyping() {
    this.#typing.hidden = !this.#state.isTyping(this.#state.selected);
    if (this.#following) this.#toEnd();
  }

  /** Bring a message into view and point it out. */
  pointOut(id) {
    if (!this.#bubbles.has(id)) this.#drawBackTo(id);
    const row = this.#bubbles.get(id)?.node;
    if (!row) return;
    this.#following = false;
    row.scrollIntoView({ block: "center" });
    row.classList.remove("row--pointed");
    requestAnimationFrame(() => row.classList.add("row--pointed"));
  }

  #append(message) {
    const day = dayKey(message.at);
    if (day !== this.#lastDay)
      this.#list.append(el("li", { class: "day" }, el("span", { text: dayName(message.at) })));
    const bubble = createBubble(message, this.#context);
    this.#bubbles.set(message.id, bubble);
    this.#list.append(bubble.node);
    this.#lastDay = day;
    this.#lastAt = message.at;
  }

  #drawBackTo(id) {
    const messages = this.#state.chat(this.#state.selected);
    const place = messages.findIndex((message) => message.id === id);
    if (place < 0) return;
    this.#shown = Math.max(this.#shown, Math.ceil((messages.length - place) / PAGE) * PAGE);
    this.redraw();
  }

  /** The first message, one from before, the first of a day, or one of so many that the oldest have to go. */
  #mustRedraw({ at }) {
    const { size } = this.#bubbles;
    const isOld = at < this.#lastAt;
    return size === 0 || isOld || dayKey(now()) !== this.#today || (this.#following && size >= this.#shown + PAGE);
  }

  #earlierButton() {
    const showMore = () => {
      const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
      this.#shown += PAGE;
      this.redraw();
      this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
    };
    return el(
      "li",
      { class: "earlier" },
      el("button", { type: "button", text: t("earlier"), on: { click: showMore } }),
    );
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#following = true;
    this.#latest.hidden = true;
  }

  #noticeScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#latest.hidden = this.#following;
  }
}
