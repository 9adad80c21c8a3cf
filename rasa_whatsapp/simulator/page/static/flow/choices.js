/** What the user chooses from. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { labelled } from "./inputs.js";
import { picture } from "./pictures.js";

export const CHOICES = {
  CheckboxGroup: (spec, screen) => several(spec, screen, "flow-options"),
  ChipsSelector: (spec, screen) => several(spec, screen, "flow-chips"),
  RadioButtonsGroup: radios,
  Dropdown: dropdown,
};

function several(spec, screen, look) {
  const { name, "data-source": source = [], required } = spec;
  const least = Number(spec["min-selected-items"] ?? (required ? 1 : 0));
  const most = Number(spec["max-selected-items"] ?? source.length);
  const chosen = new Set(screen.initial(spec) ?? []);
  const boxes = source.map((item) => box("checkbox", item, chosen.has(item.id), spec));
  for (const [index, { input }] of boxes.entries())
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(source[index].id);
      else chosen.delete(source[index].id);
      screen.change(name, [...chosen]);
      act(spec, source[index], input.checked, screen);
    });
  screen.input(name, {
    value: [...chosen],
    check: () => {
      if (required && chosen.size === 0) return t("flowRequired");
      if (chosen.size > 0 && chosen.size < least) return t("flowAtLeast", { count: least });
      return chosen.size > most ? t("flowAtMost", { count: most }) : "";
    },
  });
  return group(spec, screen, look, boxes);
}

function radios(spec, screen) {
  const { name, "data-source": source = [], required } = spec;
  const first = screen.initial(spec) ?? "";
  const boxes = source.map((item) => box("radio", item, item.id === first, spec, screen.id(name)));
  for (const [index, { input }] of boxes.entries())
    input.addEventListener("change", () => {
      screen.change(name, source[index].id);
      act(spec, source[index], true, screen);
    });
  screen.input(name, {
    value: first,
    check: () => (required && !boxes.some(({ input }) => input.checked) ? t("flowRequired") : ""),
  });
  return group(spec, screen, "flow-options", boxes);
}

function act(spec, item, selected, screen) {
  const which = selected ? "on-select-action" : "on-unselect-action";
  screen.act(item[which]);
  screen.act(spec[which]);
}

function box(type, item, checked, { enabled = true, "media-size": size }, group) {
  const input = el("input", { type, name: group, checked });
  input.disabled = enabled === false || item.enabled === false;
  const mark = item.color && el("span", { class: "flow-color", "aria-hidden": "true" });
  if (mark) mark.style.backgroundColor = `#${String(item.color).replace(/[^\da-f]/gi, "")}`;
  const node = el(
    "label",
    { class: `flow-option ${size === "large" ? "flow-option--large" : ""}` },
    item.image && el("img", { src: picture(item.image), alt: item["alt-text"] ?? "" }),
    mark,
    el(
      "span",
      { class: "flow-option__words" },
      el("span", { text: item.title }),
      item.description && el("small", { text: item.description }),
      item.metadata && el("small", { text: item.metadata }),
    ),
    input,
  );
  return { input, node };
}

function group({ name, label, description, required }, screen, look, boxes) {
  const wrong = el("p", { class: "flow-wrong", role: "alert" });
  screen.shows(name, (problem) => {
    wrong.textContent = problem;
  });
  const title = required || !label ? label : `${label} ${t("flowOptional")}`;
  return el(
    "fieldset",
    { class: `flow-field ${look}` },
    title && el("legend", { text: title }),
    description && el("p", { class: "flow-hint", text: description }),
    el("div", { class: "flow-boxes" }, ...boxes.map(({ node }) => node)),
    wrong,
  );
}

function dropdown(spec, screen) {
  const { name, label, "data-source": source = [], required, enabled = true } = spec;
  const first = screen.initial(spec) ?? "";
  const options = source.map(({ id, title, description, enabled: there = true }) =>
    el("option", {
      value: id,
      disabled: there === false,
      selected: id === first,
      text: [title, description].filter(Boolean).join(" · "),
    }),
  );
  const node = el("select", {}, el("option", { value: "", text: "" }), ...options);
  node.disabled = enabled === false;
  screen.input(name, { value: first, check: () => (required && !node.value ? t("flowRequired") : "") });
  node.addEventListener("change", () => {
    screen.change(name, node.value);
    const item = source.find(({ id }) => id === node.value);
    act(spec, item ?? {}, Boolean(item), screen);
  });
  return labelled({ label: required ? label : `${label} ${t("flowOptional")}`, node, screen, name });
}
