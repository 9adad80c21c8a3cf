/** A Flow: a sheet with one screen after the other, until it is sent. */

import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { FlowScreen } from "./screen.js";

/** @param {string} base where the person's Flows are opened */
export async function openFlow(message, base, fail) {
  let opened;
  try {
    opened = await post(base, { message: message.id });
  } catch (trouble) {
    fail(trouble.message);
    return;
  }
  new FlowSheet(opened);
}

/** The actions that ask nobody. */
const HERE = new Set(["update_data", "open_url"]);

class FlowSheet {
  screens = new Map();
  #api;
  #flow;
  #history = [];
  #dialog;
  #body = el("div", { class: "flow-stage" });
  #back = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": t("flowBack"),
      hidden: true,
      on: { click: () => this.#goBack() },
    },
    icon("back"),
  );
  #note = el("p", { class: "flow-note", role: "alert", hidden: true });

  /** Of the Flow JSON, as a number. */
  version;

  constructor({ session, flow, name, ...shown }) {
    this.version = Number(flow.version);
    this.#api = `/control/flows/${session}`;
    this.#flow = flow;
    this.#dialog = openDialog(name, () => [this.#note, this.#body], "dialog--flow");
    this.#dialog.querySelector("header").prepend(this.#back);
    this.#show(shown);
  }

  /** Take an action of the present screen. */
  async act(action, screen) {
    const { name, payload = {} } = action;
    // While an answer is awaited a phone takes nothing more; the keyboard would.
    if (this.#dialog.hasAttribute("aria-busy") && !HERE.has(name)) return;
    if (name === "update_data") screen.update(payload);
    else if (name === "open_url") window.open(action.url, "_blank", "noopener,noreferrer");
    else if (name === "navigate") {
      const there = await this.#ask("navigate", { screen: action.next.name });
      if (there) this.#show({ screen: action.next.name, data: payload });
    } else if (name === "complete") this.#take(await this.#ask("complete", { payload }));
    else this.#take(await this.#ask("exchange", { action: "data_exchange", screen: screen.name, payload }));
  }

  /** Hand a file over; throws what is wrong with it. */
  async pick(file) {
    const form = new FormData();
    form.append("file", file);
    return (await answered(await fetch(`${this.#api}/files`, { method: "POST", body: form }))).$picked;
  }

  #take(answer) {
    if (!answer) return;
    if (answer.done) this.#dialog.close();
    else this.#show(answer);
  }

  #show({ screen: name, data }) {
    const { error_message: note = "", ...rest } = data;
    const present = this.#history.at(-1);
    if (present?.name === name) present.answered(rest);
    else {
      const screen = this.#made(name, rest);
      if (!screen) return;
      this.screens.set(name, screen);
      const place = this.#history.findIndex((each) => each.name === name);
      if (place >= 0) this.#history.length = place;
      this.#history.push(screen);
    }
    this.#draw(note);
  }

  /** A screen, or nothing where it cannot be drawn, which the person is told. */
  #made(name, data) {
    const spec = this.#flow.screens.find(({ id }) => id === name);
    try {
      return new FlowScreen(spec, data, this, this.screens.get(name)?.values ?? {});
    } catch (trouble) {
      this.#tell(t("flowBroken", { type: name, reason: trouble.message }));
      return null;
    }
  }

  #draw(note = "") {
    const screen = this.#history.at(-1);
    this.#dialog.querySelector("h2").textContent = screen.title;
    this.#back.hidden = this.#history.length < 2;
    if (this.#body.firstChild !== screen.node) {
      this.#body.replaceChildren(screen.node);
      this.#body.scrollTop = 0;
      screen.node.querySelector("input, select, textarea, button")?.focus();
    }
    this.#tell(note);
  }

  /** Where the screen that is left has `refresh_on_back`, the endpoint says what is shown. */
  async #goBack() {
    if (this.#dialog.hasAttribute("aria-busy")) return;
    const [before, left] = this.#history.slice(-2);
    const spec = this.#flow.screens.find(({ id }) => id === left.name);
    if (spec.refresh_on_back && this.#flow.data_api_version) {
      const answer = await this.#ask("exchange", { action: "BACK", screen: left.name, payload: {} });
      if (answer?.screen && answer.screen !== left.name) this.#history.pop();
      this.#take(answer);
    } else if (await this.#ask("navigate", { screen: before.name })) {
      this.#history.pop();
      this.#draw();
    }
  }

  /** Ask the simulator; null where it has no answer, which the person is told. */
  async #ask(what, body) {
    this.#dialog.classList.add("flow-busy");
    this.#dialog.setAttribute("aria-busy", "true");
    try {
      return await post(`${this.#api}/${what}`, body);
    } catch (trouble) {
      this.#tell(trouble.message);
      return null;
    } finally {
      this.#dialog.classList.remove("flow-busy");
      this.#dialog.removeAttribute("aria-busy");
    }
  }

  #tell(text) {
    this.#note.textContent = text;
    this.#note.hidden = !text;
  }
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answered(response);
}

/** What the simulator answered; its trouble is thrown. */
async function answered(response) {
  const answer = await response.json();
  if (answer.trouble) throw new Error(answer.trouble);
  return answer;
}
