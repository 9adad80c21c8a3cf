/** The developer's panel: webhooks sent to the bot and the bot's calls to the API, newest first. */

import { el, showChildren } from "../dom.js";
import { t } from "../i18n.js";
import { openMenu } from "../menu.js";
import { rowOf, took } from "./entry.js";
import { accountItems } from "./account.js";
import { personItems } from "./person.js";
import { troubleItems } from "./troubles.js";
import { TARGET, acknowledgement, peopleIn } from "./facts.js";

export class DeveloperPanel {
  #panel;
  #list;
  #pace;
  #button;
  #scope;
  #state;
  #drawn = new Map();
  #scheduled = false;

  constructor(root, state, commands) {
    this.#panel = root.querySelector("#developer");
    this.#list = root.querySelector("#log");
    this.#pace = root.querySelector("#pace");
    this.#button = root.querySelector("#developer-toggle");
    this.#scope = root.querySelector("#log-scope");
    this.#state = state;
    this.#button.addEventListener("click", () => this.#toggle());
    root.querySelector("#developer-close").addEventListener("click", () => this.#toggle());
    root.querySelector("#log-clear").addEventListener("click", () => state.forgetLog());
    this.#scope.addEventListener("change", () => this.draw());
    const more = root.querySelector("#export");
    more.addEventListener("click", () => openMenu(more, this.#exports()));
    const trouble = root.querySelector("#trouble");
    trouble.addEventListener("click", () => openMenu(trouble, this.#troubles(commands)));
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle());
  }

  /** Draw the log with the next frame: many entries at once are one drawing. */
  draw() {
    if (this.#panel.hidden || this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const everything = new FormData(this.#scope).get("scope") === "all";
    const entries = [...this.#state.log].reverse().filter(([, entry]) => everything || this.#concerns(entry));
    const rows = entries.map(([key, entry]) => this.#row(key, entry));
    const empty = el("li", { class: "log__empty", text: t("developerEmpty") });
    const focused = this.#focused();
    showChildren(this.#list, rows.length > 0 ? rows : [empty]);
    this.#drawn = new Map(entries.map(([key, entry], index) => [key, { entry, node: rows[index] }]));
    if (focused) focusable(this.#drawn.get(focused.key)?.node)[focused.place]?.focus();
    this.#drawPace(entries.map(([, entry]) => entry));
  }

  /** Where the keyboard is in a row: an entry that has changed is drawn as another row. */
  #focused() {
    for (const [key, { node }] of this.#drawn)
      if (node.contains(document.activeElement))
        return { key, place: focusable(node).indexOf(document.activeElement) };
    return null;
  }

  #concerns(entry) {
    return peopleIn(entry, this.#state).has(this.#state.selected);
  }

  /** How fast the bot acknowledges, beside what Meta asks for. */
  #drawPace(entries) {
    const known = acknowledgement(entries);
    this.#pace.hidden = !known;
    if (!known) return;
    const { median, share } = known;
    const percent = share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100);
    this.#pace.replaceChildren(
      figure(
        t("ackMedian"),
        took(median),
        t("target", { limit: `≤ ${took(TARGET.median)}` }),
        median <= TARGET.median,
      ),
      figure(
        t("ackSlow"),
        `${percent} %`,
        t("target", { limit: `< ${TARGET.share * 100} %` }),
        share < TARGET.share,
      ),
    );
  }

  #exports() {
    const save = (file) => () => {
      const path = `/control/users/${encodeURIComponent(this.#state.selected)}/${file}`;
      el("a", { href: path, download: "" }).click();
    };
    return [
      { icon: "document", text: t("exportStory"), act: save("story.yml") },
      { icon: "document", text: t("exportTest"), act: save("test.py") },
    ];
  }

  #troubles(commands) {
    const { selected, users } = this.#state;
    return [...troubleItems(selected), ...personItems(users.get(selected), commands), ...accountItems()];
  }

  #toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#button.setAttribute("aria-expanded", String(!this.#panel.hidden));
    this.#drawn.clear();
    this.draw();
    if (this.#panel.hidden) this.#button.focus();
    else this.#panel.querySelector("h2").focus();
  }

  /** The row drawn before, as long as its entry is the same: an unfolded row stays unfolded. */
  #row(key, entry) {
    const drawn = this.#drawn.get(key);
    if (drawn?.entry === entry) return drawn.node;
    return rowOf(entry, drawn?.node.querySelector("details").open ?? false, this.#state.handshake.url);
  }
}

function focusable(row) {
  return [...(row?.querySelectorAll("summary, button, [tabindex]") ?? [])];
}

function figure(name, value, target, good) {
  return el(
    "div",
    { class: `pace__figure ${good ? "" : "pace__figure--bad"}` },
    el("span", { text: name }),
    el("strong", { text: value }),
    el("small", { text: `${target} ${good ? "✓" : "✗"}` }),
  );
}
