/**
 * Other people's chats beside the open one, each as this same page in a frame of its own: with its own
 * connection, its own draft and its own focus, as if there were two phones on the table.
 */

import { el } from "./dom.js";
import { nameText, t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { toast } from "./toast.js";

const STORED = "beside";
/** What the frame's page tells its frame: that the person has closed it. */
const LEAVE = "leave";

/** Whether this page is such a frame. */
export const isFramed = window.frameElement !== null;

export class Beside {
  #place;
  #state;
  #frames = new Map();

  constructor(root, state) {
    this.#place = root.querySelector("#beside");
    this.#state = state;
    const button = root.querySelector("#beside-add");
    button.addEventListener("click", () => this.#offer(button));
    const close = root.querySelector("#beside-close");
    close.addEventListener("click", () => window.frameElement.dispatchEvent(new Event(LEAVE)));
    close.hidden = !isFramed;
    button.hidden = isFramed;
    root.querySelector("#developer-toggle").hidden = isFramed;
    root.body.classList.toggle("framed", isFramed);
  }

  /** Open what was beside before the page was loaded anew, where those people are still there. */
  restore() {
    if (isFramed || this.#frames.size > 0) return;
    for (const key of JSON.parse(sessionStorage.getItem(STORED) ?? "[]"))
      if (this.#state.users.has(key) && key !== this.#state.selected) this.#open(key);
  }

  /** The chat is the open one now; it need not be there twice. */
  noticeSelected() {
    this.#close(this.#state.selected);
  }

  /** Titles are in the page's language. */
  redraw() {
    for (const [key, frame] of this.#frames) frame.title = this.#title(key);
  }

  #offer(button) {
    const others = [...this.#state.users.values()].filter(
      ({ key }) => key !== this.#state.selected && !this.#frames.has(key),
    );
    if (others.length === 0) return toast(t("nobodyElse"));
    const items = others.map((user) => ({
      icon: "person",
      text: nameText(user),
      act: () => this.#open(user.key),
    }));
    openMenu(button, items);
  }

  #open(key) {
    const frame = el("iframe", {
      class: "beside__chat",
      title: this.#title(key),
      src: `/?framed#${key}`,
    });
    frame.addEventListener(LEAVE, () => this.#close(key));
    this.#frames.set(key, frame);
    this.#place.append(frame);
    this.#keep();
  }

  #close(key) {
    this.#frames.get(key)?.remove();
    if (this.#frames.delete(key)) this.#keep();
  }

  #keep() {
    document.body.classList.toggle("has-beside", this.#frames.size > 0);
    sessionStorage.setItem(STORED, JSON.stringify([...this.#frames.keys()]));
  }

  #title(key) {
    const user = this.#state.users.get(key);
    return t("chatOf", { name: user ? nameText(user) : key });
  }
}
