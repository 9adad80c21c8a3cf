/** One screen of a Flow: its components, what is filled in, and what is wrong with it. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { CHOICES } from "./choices.js";
import { condition, resolve } from "./expressions.js";
import { INPUTS } from "./inputs.js";
import { NAVIGATION } from "./navigation.js";
import { PICKERS } from "./pickers.js";
import { PICTURES } from "./pictures.js";
import { TEXTS } from "./texts.js";

const COMPONENTS = { ...TEXTS, ...PICTURES, ...INPUTS, ...CHOICES, ...PICKERS, ...NAVIGATION };
/** Actions stay as they stand until they are taken, for their payload names what is filled in by then. */
const LATER = /^on-.*-action$/;
let count = 0;

export class FlowScreen {
  values = {};
  #number = (count += 1);
  #spec;
  #data;
  #session;
  #inputs = new Map();
  #views = new Map();
  #watchers = [];
  #form = {};
  #footer = null;

  /**
   * @param {object} spec the screen's JSON
   * @param {object} data what it was given
   * @param {object} session `screens` (by id, those that were shown), `act(action)`, `pick(file)`
   * @param {object} [values] what was filled in when the screen was shown before
   */
  constructor(spec, data, session, values = {}) {
    this.#spec = spec;
    this.#data = data;
    this.#session = session;
    this.values = values;
    this.node = el("form", {
      class: "flow-screen",
      novalidate: true,
      on: { submit: (event) => this.#submit(event) },
    });
    this.draw();
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

  /** Show the screen with other data; what was filled in stays. */
  update(data) {
    this.#data = { ...this.#data, ...data };
    this.draw();
  }

  draw() {
    this.#inputs.clear();
    this.#views.clear();
    this.#watchers = [];
    this.#footer = null;
    this.node.replaceChildren(...this.#children(this.#spec.layout.children));
    const wrong = this.#resolve(this.#form["error-messages"]) ?? {};
    for (const [name, text] of Object.entries(wrong)) this.problem(name, text);
    this.#changed();
  }

  // --- what components ask for ---

  id(name) {
    return `flow-${this.#number}-${name}`;
  }

  /** What an input begins with: what was filled in before, its own value, or the form's. */
  initial({ name, "init-value": own }) {
    if (name in this.values) return this.values[name];
    return own ?? this.#resolve(this.#form["init-values"])?.[name];
  }

  input(name, { value, check }) {
    this.values[name] = value;
    this.#inputs.set(name, check);
  }

  /** `show` gets what is wrong with an input, or an empty text. */
  shows(name, show) {
    this.#views.set(name, show);
  }

  problem(name, text) {
    this.#views.get(name)?.(text);
  }

  change(name, value) {
    this.values[name] = value;
    this.problem(name, "");
    this.#changed();
  }

  act(action) {
    if (action) this.#session.act(this.#resolve({ ...action }), this);
  }

  pick(file) {
    return this.#session.pick(file);
  }

  footer(button, spec) {
    this.#footer = { button, spec };
    this.#watchers.push(() => {
      const required = [...this.#inputs].every(([, check]) => check() !== t("flowRequired"));
      button.disabled = this.#resolve(spec.enabled) === false || !required;
    });
  }

  // --- inside ---

  #submit(event) {
    event.preventDefault();
    const wrong = [...this.#inputs].map(([name, check]) => [name, check()]).filter(([, text]) => text);
    for (const [name, text] of wrong) this.problem(name, text);
    if (wrong.length > 0) this.node.querySelector('[aria-invalid="true"]')?.focus();
    else if (this.#footer) this.act(this.#footer.spec["on-click-action"]);
  }

  #changed() {
    for (const watch of this.#watchers) watch();
  }

  #children(specs) {
    return specs.flatMap((spec) => this.#component(spec));
  }

  #component(spec) {
    if (spec.type === "Form") {
      this.#form = spec;
      return this.#children(spec.children);
    }
    if (spec.type === "If")
      return this.#branch(() => (condition(spec.condition, this.#scope) ? spec.then : (spec.else ?? [])));
    if (spec.type === "Switch")
      return this.#branch(() => spec.cases[String(this.#resolve(spec.value))] ?? spec.cases.default ?? []);
    const draw = COMPONENTS[spec.type];
    if (!draw) return el("p", { class: "flow-hint", text: t("unknown", { type: spec.type }) });
    let drawn = this.#filled(spec);
    let node = draw(drawn, this);
    // What depends on an input is drawn anew when that changes; an input itself is not, or it would lose focus.
    if (!spec.name || !this.#inputs.has(spec.name))
      this.#watchers.push(() => {
        const now = this.#filled(spec);
        if (spec.type === "Footer" || JSON.stringify(now) === JSON.stringify(drawn)) return;
        drawn = now;
        const fresh = draw(now, this);
        node.replaceWith(fresh);
        node = fresh;
      });
    if ("visible" in spec)
      this.#watchers.push(() => node.toggleAttribute("hidden", this.#resolve(spec.visible) === false));
    return node;
  }

  /** The components of whichever branch holds now. */
  #branch(choose) {
    const box = el("div", { class: "flow-branch" });
    let shown = null;
    this.#watchers.push(() => {
      const chosen = choose();
      if (chosen === shown) return;
      shown = chosen;
      const before = this.#watchers.length;
      box.replaceChildren(...this.#children(chosen));
      for (const watch of this.#watchers.slice(before)) watch();
    });
    return box;
  }

  #filled(spec) {
    return Object.fromEntries(
      Object.entries(spec).map(([key, value]) => [
        key,
        LATER.test(key) || key === "list-items" ? this.#items(key, value) : this.#resolve(value),
      ]),
    );
  }

  #items(key, value) {
    if (LATER.test(key)) return value;
    const items = typeof value === "string" ? this.#resolve(value) : value;
    return items.map((item) => this.#filled(item));
  }

  #resolve(value) {
    return resolve(value, this.#scope);
  }

  #scope = ([place, ...path]) => {
    if (place === "data") return inside(this.#data, path);
    if (place === "form") return inside(this.values, path);
    const [name, kind, ...rest] = path;
    const other = name === this.name ? this : this.#session.screens.get(name);
    if (place !== "screen" || !other) return undefined;
    return inside(kind === "data" ? other.data : other.values, rest);
  };
}

function inside(value, path) {
  return path.reduce((found, key) => found?.[key], value);
}
