/** The 24-hour window: how long the bot may still write freely to the person, and a way to move the time. */

import { now } from "./clock.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DRAW_AGAIN_MS = 20_000;
const STEPS = [1, 24];

export class WindowTimer {
  #button;
  #state;

  /** @param {(hours: number) => void} advance moves the simulator's time */
  constructor(root, state, advance) {
    this.#button = root.querySelector("#window");
    this.#state = state;
    this.#button.addEventListener("click", () => {
      const items = STEPS.map((hours) => ({
        icon: "clock",
        text: t("advance", { hours }),
        act: () => advance(hours),
      }));
      openMenu(this.#button, items);
    });
    setInterval(() => this.draw(), DRAW_AGAIN_MS);
  }

  draw() {
    const { window: length, selected, users } = this.#state;
    const user = users.get(selected);
    this.#button.hidden = !user || !length;
    if (this.#button.hidden) return;
    const left = user.wrote_at + length - now();
    const open = left > 0;
    const time = `${Math.floor(left / HOUR)}:${String(Math.floor((left % HOUR) / MINUTE)).padStart(2, "0")}`;
    const label = open ? t("windowOpen", { time }) : t("windowClosed");
    this.#button.classList.toggle("window--closed", !open);
    this.#button.setAttribute("aria-label", label);
    this.#button.title = label;
    this.#button.replaceChildren(icon(open ? "clock" : "lock"), open ? time : t("templatesOnly"));
  }
}
