/** What the user types, ticks or picks a day in. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

const TYPES = { number: "number", email: "email", password: "password", passcode: "password", phone: "tel" };
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^\+?[\d\s().-]{5,20}$/;

export const INPUTS = {
  TextInput: (spec, screen) => typed(spec, screen, el("input", inputProps(spec)), checkText),
  TextArea: (spec, screen) =>
    typed(spec, screen, el("textarea", { rows: 3, maxlength: spec["max-length"] ?? 600 }), checkText),
  OptIn: optIn,
  DatePicker: (spec, screen) =>
    typed(
      spec,
      screen,
      el("input", { type: "date", min: day(spec["min-date"]), max: day(spec["max-date"]) }),
      checkDay,
    ),
  CalendarPicker: calendar,
};

/** A label, the input, a hint and what is wrong, in this order; the parts are bound together for screen readers. */
export function labelled({ label, helper, node, screen, name }) {
  const id = screen.id(name);
  node.id = id;
  node.setAttribute("aria-describedby", `${id}-hint ${id}-wrong`);
  const wrong = el("p", { class: "flow-wrong", id: `${id}-wrong`, role: "alert" });
  screen.shows(name, (problem) => {
    wrong.textContent = problem;
    node.setAttribute("aria-invalid", String(Boolean(problem)));
  });
  return el(
    "div",
    { class: "flow-field" },
    el("label", { for: id, text: label }),
    node,
    helper && el("p", { class: "flow-hint", id: `${id}-hint`, text: helper }),
    wrong,
  );
}

function inputProps({ "input-type": type = "text", "max-chars": most, pattern }) {
  const numeric = type === "passcode" || type === "number";
  return {
    type: TYPES[type] ?? "text",
    inputmode: numeric && "numeric",
    maxlength: most ?? (pattern ? null : 80),
    step: "any",
  };
}

function typed(spec, screen, node, check) {
  const { name, label, "helper-text": helper, required, enabled = true } = spec;
  node.disabled = enabled === false;
  node.required = Boolean(required);
  node.value = screen.initial(spec) ?? "";
  const read = () => (spec["input-type"] === "number" && node.value !== "" ? Number(node.value) : node.value);
  screen.input(name, {
    value: read(),
    check: () =>
      (required && node.value === "" ? t("flowRequired") : node.value && check(node.value, spec)) || "",
  });
  node.addEventListener("input", () => screen.change(name, read()));
  node.addEventListener("change", () => screen.act(spec["on-select-action"]));
  return labelled({ label: required ? label : `${label} ${t("flowOptional")}`, helper, node, screen, name });
}

function checkText(value, { "input-type": type, pattern, "min-chars": least }) {
  if (least && value.length < Number(least)) return t("flowTooShort", { count: least });
  if (type === "email" && !EMAIL.test(value)) return t("flowEmail");
  if (type === "phone" && !PHONE.test(value)) return t("flowPhone");
  if (pattern && !matches(pattern, value)) return t("flowPattern");
  return "";
}

function matches(pattern, value) {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true; // the validator tells of it; a form must not be stuck
  }
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

function optIn(spec, screen) {
  const { name, label, required } = spec;
  const node = el("input", { type: "checkbox", id: screen.id(name), checked: Boolean(screen.initial(spec)) });
  screen.input(name, {
    value: node.checked,
    check: () => (required && !node.checked ? t("flowRequired") : ""),
  });
  node.addEventListener("change", () => {
    screen.change(name, node.checked);
    screen.act(node.checked ? spec["on-select-action"] : spec["on-unselect-action"]);
  });
  const more = spec["on-click-action"];
  const wrong = el("p", { class: "flow-wrong", role: "alert" });
  screen.shows(name, (problem) => {
    wrong.textContent = problem;
  });
  return el(
    "div",
    { class: "flow-field flow-opt-in" },
    el("label", {}, node, el("span", { text: label })),
    more &&
      el("button", {
        type: "button",
        class: "link",
        text: t("flowMore"),
        on: { click: () => screen.act(more) },
      }),
    wrong,
  );
}

/** One day, or the first and the last of several. */
function calendar(spec, screen) {
  const { name, mode = "single", required, enabled = true } = spec;
  const range = mode === "range";
  const keys = range ? ["start-date", "end-date"] : ["date"];
  const first = screen.initial(spec);
  const nodes = keys.map((key) => {
    const node = el("input", {
      type: "date",
      min: day(spec["min-date"]),
      max: day(spec["max-date"]),
      "aria-label": part(spec.label, key),
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
  screen.input(name, { value: read(), check: () => check(read()) });
  for (const node of nodes)
    node.addEventListener("change", () => {
      screen.change(name, read());
      screen.act(spec["on-select-action"]);
    });
  const wrong = el("p", { class: "flow-wrong", role: "alert" });
  screen.shows(name, (problem) => {
    wrong.textContent = problem;
  });
  return el(
    "fieldset",
    { class: "flow-field flow-calendar" },
    el("legend", { text: spec.title || part(spec.label, keys[0]) }),
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

function part(label, key) {
  return label && typeof label === "object" ? label[key] : label;
}
