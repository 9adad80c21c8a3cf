/**
 * Other people's chats beside the open one, each as this same page in a frame of its own: with its own
 * connection, its own draft and its own focus, as if there were two phones on the table.
 */

import { el } from "./dom.js";
import { phoneText, t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { toast } from "./toast.js";

const KEY = "beside";
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
    for (const phone of JSON.parse(sessionStorage.getItem(KEY) ?? "[]"))
      if (this.#state.users.has(phone) && phone !== this.#state.selected) this.#open(phone);
  }

  /** The chat is the open one now; it need not be there twice. */
  noticeSelected() {
    this.#close(this.#state.selected);
  }

  /** Titles are in the page's language. */
  redraw() {
    for (const [phone, frame] of this.#frames) frame.title = this.#title(phone);
  }

  #offer(button) {
    const others = [...this.#state.users.values()].filter(
      ({ phone }) => phone !== this.#state.selected && !this.#frames.has(phone),
    );
    if (others.length === 0) return toast(t("nobodyElse"));
    const items = others.map(({ name, phone }) => ({
      icon: "person",
      text: name || phoneText(phone),
      act: () => this.#open(phone),
    }));
    openMenu(button, items);
  }

  #open(phone) {
    const frame = el("iframe", {
      class: "beside__chat",
      title: this.#title(phone),
      src: `/?framed#${phone}`,
    });
    frame.addEventListener(LEAVE, () => this.#close(phone));
    this.#frames.set(phone, frame);
    this.#place.append(frame);
    this.#keep();
  }

  #close(phone) {
    this.#frames.get(phone)?.remove();
    if (this.#frames.delete(phone)) this.#keep();
  }

  #keep() {
    document.body.classList.toggle("has-beside", this.#frames.size > 0);
    sessionStorage.setItem(KEY, JSON.stringify([...this.#frames.keys()]));
  }

  #title(phone) {
    return t("chatOf", { name: this.#state.users.get(phone)?.name || phoneText(phone) });
  }
}
