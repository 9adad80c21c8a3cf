/** One screen of a Flow: its components, what is filled in, and what is wrong with it. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { CHOICES } from "./choices.js";
import { condition, resolve } from "./expressions.js";
import { INPUTS } from "./inputs.js";
import { NAVIGATION } from "./navigation.js";
import { Branch, Part } from "./part.js";
import { PICKERS } from "./pickers.js";
import { PICTURES } from "./pictures.js";
import { TEXTS } from "./texts.js";

const COMPONENTS = { ...TEXTS, ...PICTURES, ...INPUTS, ...CHOICES, ...PICKERS, ...NAVIGATION };
/** What depends on what is settled after as many rounds; expressions that chase one another never are. */
const ROUNDS = 10;
const NOTHING = [];
let count = 0;

export class FlowScreen {
  values = {};
  #number = (count += 1);
  #spec;
  #data;
  #session;
  #parts = [];
  #form = {};
  #moved = false;

  /**
   * @param {object} spec the screen's JSON
   * @param {object} data what it was given
   * @param {object} session `screens` (by id, those that were shown), `version`, `act(action)`, `pick(file)`
   * @param {object} [values] what was filled in when the screen was shown before
   */
  constructor(spec, data, session, values = {}) {
    this.#spec = spec;
    this.#data = data;
    this.#session = session;
    this.values = values;
    this.#parts = this.#children(spec.layout.children);
    this.node = el(
      "form",
      {
        class: "flow-screen",
        novalidate: true,
        on: {
          submit: (event) => this.#submit(event),
          // What was not drawn anew because somebody was writing in it; the focus is elsewhere only then.
          focusout: () => setTimeout(() => this.#changed()),
        },
      },
      ...this.#parts.map(({ node }) => node),
    );
    this.#changed();
  }

  get name() {
    return this.#spec.id;
  }

  get title() {
    return this.#spec.title ?? "";
  }

  get data() {
    return this.#data;
  }

  get version() {
    return this.#session.version;
  }

  /** What is filled in and seen: what is hidden is not sent. */
  get sent() {
    const inputs = this.#shown().filter((part) => part.isInput);
    return Object.fromEntries(inputs.map(({ name }) => [name, this.values[name]]));
  }

  /** Show the screen with other data; what was filled in stays. */
  update(data) {
    this.#data = { ...this.#data, ...data };
    this.#changed();
  }

  /** Show what the endpoint answered, and what it finds wrong, also where it has found that before. */
  answered(data) {
    for (const part of this.#shown()) part.forget();
    this.update(data);
  }

  // --- what its parts ask for ---

  id(name) {
    return `flow-${this.#number}-${name}`;
  }

  initial(name, own) {
    return name in this.values ? this.values[name] : (own ?? this.resolve(this.#form["init-values"])?.[name]);
  }

  /** What the form says is wrong with an input. */
  wrong(name) {
    return this.resolve(this.#form["error-messages"])?.[name];
  }

  /** Note what an input holds as it is drawn, which may be less than it held. */
  keep(name, value) {
    if (JSON.stringify(this.values[name]) === JSON.stringify(value)) return;
    this.values[name] = value;
    this.#moved = true;
  }

  change(name, value) {
    this.values[name] = value;
    this.#changed();
  }

  act(action) {
    if (action) this.#session.act(resolve({ ...action }, this.#scope(this.sent)), this);
  }

  pick(file) {
    return this.#session.pick(file);
  }

  resolve(value) {
    return resolve(value, this.#scope(this.values));
  }

  // --- inside ---

  #submit(event) {
    event.preventDefault();
    const wrong = this.#shown().filter((part) => part.check());
    for (const part of wrong) part.problem(part.check());
    if (wrong.length > 0) wrong[0].focus();
    else this.act(this.#footer?.spec["on-click-action"]);
  }

  #changed() {
    for (let round = 0; round === 0 || (this.#moved && round < ROUNDS); round += 1) {
      this.#moved = false;
      for (const part of this.#parts) part.update();
    }
    const footer = this.#footer;
    if (!footer) return;
    const required = this.#shown().some((part) => part.check() === t("flowRequired"));
    footer.button.disabled = footer.spec.enabled === false || required;
  }

  #shown() {
    return this.#parts.flatMap((part) => part.shown());
  }

  get #footer() {
    return this.#shown().find((part) => part.button);
  }

  #children(specs) {
    return specs.flatMap((spec) => this.#component(spec));
  }

  #component(spec) {
    if (spec.type === "Form") {
      this.#form = spec;
      return this.#children(spec.children);
    }
    const make = (specs) => this.#children(specs);
    if (spec.type === "If") {
      const holds = () => condition(spec.condition, this.#scope(this.values));
      return new Branch(() => (holds() ? spec.then : (spec.else ?? NOTHING)), make);
    }
    if (spec.type === "Switch") {
      const chosen = () => spec.cases[String(this.resolve(spec.value))];
      return new Branch(() => chosen() ?? spec.cases.default ?? NOTHING, make);
    }
    return new Part(spec, COMPONENTS[spec.type] ?? unknown, this);
  }

  /** What references mean, with these values of the screen's own form. */
  #scope(values) {
    return ([place, ...path]) => {
      if (place === "data") return inside(this.#data, path);
      if (place === "form") return inside(values, path);
      const [name, kind, ...rest] = path;
      const own = name === this.name;
      const other = own ? this : this.#session.screens.get(name);
      if (place !== "screen" || !other) return undefined;
      if (kind === "data") return inside(other.data, rest);
      return inside(own ? values : other.sent, rest);
    };
  }
}

function unknown({ type }) {
  return el("p", { class: "flow-hint", text: t("unknown", { type }) });
}

function inside(value, path) {
  return path.reduce((found, key) => found?.[key], value);
}
