/** What a screen is made of: components, and branches that choose among them. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

/** Actions stay as they stand until they are taken, for their payload names what is filled in by then. */
const LATER = /^on-.*-action$/;
/** Their items have actions of their own. */
const ITEMS = new Set(["data-source", "list-items"]);
/** What somebody is in the middle of writing is not drawn anew under their hands. */
const WRITING = "textarea, input:not([type=checkbox], [type=radio], [type=file])";
const FOCUSABLE = "input, select, textarea, button, a";

/**
 * One component as it is drawn now. It is drawn anew when what its JSON says has become something else;
 * what is filled in stays.
 */
export class Part {
  /** The Footer's, which says whether it may be tapped. */
  button = null;
  spec = {};
  #json;
  #draw;
  #screen;
  #looks;
  #hidden = false;
  #check = null;
  #show = () => {};
  #problem = "";
  #told = "";

  /**
   * @param {object} json the component
   * @param {(spec: object, part: Part) => Node} draw
   * @param {FlowScreen} screen
   */
  constructor(json, draw, screen) {
    this.#json = json;
    this.#draw = draw;
    this.#screen = screen;
    this.node = this.#fresh(this.#fill());
  }

  /** Fit to what is filled in, and to the screen's data. */
  update() {
    const spec = this.#fill();
    this.#hidden = spec.visible === false;
    if (looks(spec) !== this.#looks && !this.#isWritten()) this.#redraw(spec);
    this.node.toggleAttribute("hidden", this.#hidden);
    const told = this.#check ? words(spec["error-message"] ?? this.#screen.wrong(this.#json.name)) : "";
    if (told === this.#told) return;
    this.#told = told;
    this.problem(told);
  }

  /** Itself, unless it is hidden. */
  shown() {
    return this.#hidden ? [] : [this];
  }

  /** Whether something can be filled in. */
  get isInput() {
    return this.#check !== null;
  }

  /** What is wrong with what is filled in, or "". */
  check() {
    return this.#check?.() ?? "";
  }

  focus() {
    this.node.querySelector(FOCUSABLE)?.focus();
  }

  /** What the endpoint said is no longer so, unless it says it again. */
  forget() {
    this.#told = "";
    this.problem("");
  }

  // --- what its component asks for ---

  get name() {
    return this.#json.name;
  }

  /** For the input in it. */
  get id() {
    return this.#screen.id(this.name ?? this.#json.type);
  }

  /** Of the Flow JSON: 4 before 5.0. */
  get version() {
    return this.#screen.version;
  }

  /** What an input begins with: what was filled in before, its own value, or the form's. */
  initial() {
    return this.#screen.initial(this.name, this.spec["init-value"]);
  }

  /** What is filled in. */
  get value() {
    return this.#screen.values[this.name];
  }

  input({ value, check }) {
    this.#check = check;
    this.#screen.keep(this.name, value);
  }

  /** The line that says what is wrong with the input; `also` gets the same text, empty where nothing is. */
  complaint(also = () => {}) {
    const line = el("p", { class: "flow-wrong", id: `${this.id}-wrong`, role: "alert" });
    this.#show = (problem) => {
      line.textContent = problem;
      also(problem);
    };
    return line;
  }

  problem(text) {
    this.#problem = text;
    this.#show(text);
  }

  change(value) {
    this.problem("");
    this.#screen.change(this.name, value);
  }

  act(action) {
    this.#screen.act(action);
  }

  pick(file) {
    return this.#screen.pick(file);
  }

  // --- inside ---

  #fill() {
    const resolve = (value) => this.#screen.resolve(value);
    this.spec = filled(this.#json, resolve);
    return this.spec;
  }

  #fresh(spec) {
    this.#looks = looks(spec);
    try {
      const node = this.#draw(spec, this);
      this.#show(this.#problem);
      return node;
    } catch (trouble) {
      this.#check = null;
      this.#show = () => {};
      return fault(this.#json, spec, trouble);
    }
  }

  #redraw(spec) {
    const old = document.activeElement;
    const focused = this.node.contains(old);
    const node = this.#fresh(spec);
    this.node.replaceWith(node);
    this.node = node;
    if (!focused) return;
    const same = old.id && [...node.querySelectorAll(FOCUSABLE)].find(({ id }) => id === old.id);
    if (same) same.focus();
    else this.focus();
  }

  #isWritten() {
    const active = document.activeElement;
    return this.node.contains(active) && active.matches(WRITING);
  }
}

/** The components of whichever branch holds now. */
export class Branch {
  node = el("div", { class: "flow-branch" });
  #choose;
  #make;
  #chosen = null;
  #parts = [];

  /**
   * @param {() => object[]} choose the JSON of the components
   * @param {(specs: object[]) => (Part|Branch)[]} make
   */
  constructor(choose, make) {
    this.#choose = choose;
    this.#make = make;
  }

  update() {
    const chosen = this.#choose();
    if (chosen !== this.#chosen) {
      this.#chosen = chosen;
      this.#parts = this.#make(chosen);
      this.node.replaceChildren(...this.#parts.map(({ node }) => node));
    }
    for (const part of this.#parts) part.update();
  }

  shown() {
    return this.#parts.flatMap((part) => part.shown());
  }
}

function filled(json, resolve) {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      LATER.test(key) ? value : ITEMS.has(key) ? items(value, resolve) : resolve(value),
    ]),
  );
}

/** Items that are data stay as they are: what the endpoint or a person has written is no expression. */
function items(value, resolve) {
  return Array.isArray(value) ? value.map((item) => filled(item, resolve)) : resolve(value);
}

/** What of a component can be seen: whether it is hidden, and what is wrong, is changed in place. */
function looks(spec) {
  const { visible: _, "error-message": __, ...rest } = spec;
  return JSON.stringify(rest);
}

/** A picker's message may name what is wrong with each file. */
function words(message) {
  return message && typeof message === "object"
    ? Object.values(message).join(" ")
    : String(message ?? "");
}

function fault(json, spec, trouble) {
  const missing = (value) => value === null || value === undefined;
  const nothing = Object.keys(json).filter((key) => !missing(json[key]) && missing(spec[key]));
  const reason = nothing.map((key) => t("flowNothing", { key, value: String(json[key]) })).join(" ");
  return el("p", {
    class: "flow-wrong",
    role: "alert",
    text: t("flowBroken", { type: json.type, reason: reason || trouble.message }),
  });
}
