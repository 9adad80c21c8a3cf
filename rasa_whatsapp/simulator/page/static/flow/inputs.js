/** What the user types, ticks or picks a day in. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

const TYPES = { number: "number", email: "email", password: "password", passcode: "password", phone: "tel" };
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const DIGITS = /^\d+$/;
const PHONE = /^\+?[\d\s().-]{5,20}$/;

export const INPUTS = {
  TextInput: (spec, part) =>
    typed(
      spec,
      part,
      el("input", inputProps(spec)),
      checkText,
      spec["input-type"] === "number" ? { show: asTyped, read: number } : AS_TYPED,
    ),
  TextArea: (spec, part) =>
    typed(spec, part, el("textarea", { rows: 3, maxlength: longest(spec) }), checkText),
  OptIn: optIn,
  DatePicker: (spec, part) =>
    typed(
      spec,
      part,
      el("input", { type: "date", min: day(spec["min-date"]), max: day(spec["max-date"]) }),
      checkDay,
      part.version < 5 ? { show: day, read: milliseconds } : AS_TYPED,
    ),
  CalendarPicker: calendar,
};

const asTyped = (value) => value;
const number = (value) => (value === "" ? "" : Number(value));
const AS_TYPED = { show: asTyped, read: asTyped };

/** A label, the input, a hint and what is wrong, in this order; the parts are bound together for screen readers. */
export function labelled({ label, helper, node, part }) {
  const id = part.id;
  node.id = id;
  node.setAttribute("aria-describedby", `${id}-hint ${id}-wrong`);
  const wrong = part.complaint((problem) => node.setAttribute("aria-invalid", String(Boolean(problem))));
  return el(
    "div",
    { class: "flow-field" },
    el("label", { for: id, text: label }),
    node,
    helper && el("p", { class: "flow-hint", id: `${id}-hint`, text: helper }),
    wrong,
  );
}

/** How many characters may be typed; null for any number of them. */
function longest({ type, "max-chars": most, "max-length": area = 600, pattern }) {
  return type === "TextArea" ? area : (most ?? (pattern ? null : 80));
}

function inputProps(spec) {
  const { "input-type": type = "text" } = spec;
  const numeric = type === "passcode" || type === "number";
  return {
    type: TYPES[type] ?? "text",
    inputmode: numeric && "numeric",
    maxlength: longest(spec),
    step: "any",
  };
}

function typed(spec, part, node, check, { show, read } = AS_TYPED) {
  const { label, "helper-text": helper, required, enabled = true, pattern } = spec;
  node.disabled = enabled === false;
  node.required = Boolean(required);
  node.value = show(part.initial() ?? "");
  part.input({
    value: read(node.value),
    check: () =>
      (required && node.value === "" ? t("flowRequired") : node.value && check(node.value, spec)) || "",
  });
  node.addEventListener("input", () => part.change(read(node.value)));
  node.addEventListener("change", () => part.act(spec["on-select-action"]));
  const hints = [helper, pattern && !expression(pattern) && t("flowUnchecked", { pattern })];
  return labelled({
    label: required ? label : `${label} ${t("flowOptional")}`,
    helper: hints.filter(Boolean).join(" "),
    node,
    part,
  });
}

/** Browsers do not count the characters of a number, nor those that a Flow begins with. */
function checkText(value, spec) {
  const { "input-type": type, pattern, "min-chars": least } = spec;
  const most = longest(spec);
  if (least && value.length < Number(least)) return t("flowTooShort", { count: least });
  if (most && value.length > Number(most)) return t("flowTooLong", { count: most });
  if (type === "passcode" && !DIGITS.test(value)) return t("flowDigits");
  if (type === "email" && !EMAIL.test(value)) return t("flowEmail");
  if (type === "phone" && !PHONE.test(value)) return t("flowPhone");
  return pattern && expression(pattern)?.test(value) === false ? t("flowPattern") : "";
}

/** With Unicode where it can be, for that mode allows no needless escapes (`\-`); null for what is no pattern. */
function expression(pattern) {
  for (const flags of ["u", ""])
    try {
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch {
      // the other mode may know it
    }
  return null;
}

function checkDay(value, { "min-date": first, "max-date": last, "unavailable-dates": taken = [] }) {
  if ((first && value < day(first)) || (last && value > day(last)) || taken.map(day).includes(value))
    return t("flowDay");
  return "";
}

/** Before Flow JSON 5.0 days were milliseconds. */
function day(value) {
  if (value === undefined || value === null || value === "") return null;
  return /^\d{9,}$/.test(String(value)) ? new Date(Number(value)).toISOString().slice(0, 10) : String(value);
}

function milliseconds(value) {
  return value && String(Date.parse(value));
}

function optIn(spec, part) {
  const { label, required } = spec;
  const node = el("input", { type: "checkbox", id: part.id, checked: Boolean(part.initial()) });
  part.input({
    value: node.checked,
    check: () => (required && !node.checked ? t("flowRequired") : ""),
  });
  node.addEventListener("change", () => {
    part.change(node.checked);
    part.act(node.checked ? spec["on-select-action"] : spec["on-unselect-action"]);
  });
  const more = spec["on-click-action"];
  const wrong = part.complaint();
  return el(
    "div",
    { class: "flow-field flow-opt-in" },
    el("label", {}, node, el("span", { text: label })),
    more &&
      el("button", {
        type: "button",
        class: "link",
        text: t("flowMore"),
        on: { click: () => part.act(more) },
      }),
    wrong,
  );
}

/** One day, or the first and the last of several. */
function calendar(spec, part) {
  const { mode = "single", required, enabled = true } = spec;
  const range = mode === "range";
  const keys = range ? ["start-date", "end-date"] : ["date"];
  const first = part.initial();
  const nodes = keys.map((key) => {
    const node = el("input", {
      type: "date",
      id: `${part.id}-${key}`,
      min: day(spec["min-date"]),
      max: day(spec["max-date"]),
      "aria-label": labelOf(spec.label, key),
    });
    node.disabled = enabled === false;
    node.value = (range ? first?.[key] : first) ?? "";
    return node;
  });
  const read = () => {
    const days = nodes.map((node) => node.value);
    if (!range) return days[0];
    return days.every(Boolean) ? { "start-date": days[0], "end-date": days[1] } : "";
  };
  part.input({ value: read(), check: () => check(read()) });
  for (const node of nodes)
    node.addEventListener("change", () => {
      part.change(read());
      part.act(spec["on-select-action"]);
    });
  const wrong = part.complaint();
  return el(
    "fieldset",
    { class: "flow-field flow-calendar" },
    el("legend", { text: spec.title || labelOf(spec.label, keys[0]) }),
    spec.description && el("p", { class: "flow-hint", text: spec.description }),
    el("div", { class: "flow-days" }, ...nodes),
    wrong,
  );

  function check(value) {
    if (!value) return required === true || required?.["start-date"] ? t("flowRequired") : "";
    const days = range ? Object.values(value) : [value];
    if (days.some((each) => checkDay(each, spec))) return t("flowDay");
    if (!range) return allowed(value) ? "" : t("flowDay");
    const length = (Date.parse(days[1]) - Date.parse(days[0])) / 86_400_000 + 1;
    const wrongLength =
      length < (Number(spec["min-days"]) || 1) || length > (Number(spec["max-days"]) || Infinity);
    return wrongLength ? t("flowDay") : "";
  }

  function allowed(value) {
    const names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    return spec["include-days"]?.includes(names[new Date(`${value}T00:00:00Z`).getUTCDay()]) ?? true;
  }
}

/** A range has a label for each of its days. */
function labelOf(label, key) {
  return label && typeof label === "object" ? label[key] : label;
}
