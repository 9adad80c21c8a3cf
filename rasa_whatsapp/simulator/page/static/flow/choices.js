/** What the user chooses from. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { labelled } from "./inputs.js";
import { picture } from "./pictures.js";

export const CHOICES = {
  CheckboxGroup: (spec, part) => several(spec, part, "flow-options"),
  ChipsSelector: (spec, part) => several(spec, part, "flow-chips"),
  RadioButtonsGroup: radios,
  Dropdown: dropdown,
};

function several(spec, part, look) {
  const { "data-source": source = [], required } = spec;
  const least = Number(spec["min-selected-items"] ?? (required ? 1 : 0));
  const most = Number(spec["max-selected-items"] ?? source.length);
  const before = [part.initial() ?? []].flat();
  const chosen = new Set(source.map(({ id }) => id).filter((id) => before.includes(id)));
  const boxes = source.map((item) => box("checkbox", item, chosen.has(item.id), spec, part));
  for (const [index, { input }] of boxes.entries())
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(source[index].id);
      else chosen.delete(source[index].id);
      part.change([...chosen]);
      act(spec, source[index], input.checked, part);
    });
  part.input({
    value: [...chosen],
    check: () => {
      if (required && chosen.size === 0) return t("flowRequired");
      if (chosen.size > 0 && chosen.size < least) return t("flowAtLeast", { count: least });
      return chosen.size > most ? t("flowAtMost", { count: most }) : "";
    },
  });
  return group(spec, part, look, boxes);
}

function radios(spec, part) {
  const { "data-source": source = [], required } = spec;
  const first = source.find(({ id }) => id === part.initial());
  const boxes = source.map((item) => box("radio", item, item === first, spec, part));
  for (const [index, { input }] of boxes.entries())
    input.addEventListener("change", () => choose(spec, source[index], part));
  part.input({
    value: first?.id ?? "",
    check: () => (required && !boxes.some(({ input }) => input.checked) ? t("flowRequired") : ""),
  });
  return group(spec, part, "flow-options", boxes);
}

/** One in the place of another, which is unselected by that. `item` is undefined where nothing is chosen. */
function choose(spec, item, part) {
  const before = spec["data-source"].find(({ id }) => id === part.value);
  part.change(item?.id ?? "");
  if (before) act(spec, before, false, part);
  if (item) act(spec, item, true, part);
}

function act(spec, item, selected, part) {
  const which = selected ? "on-select-action" : "on-unselect-action";
  part.act(item[which]);
  part.act(spec[which]);
}

function box(type, item, checked, { enabled = true, "media-size": size }, part) {
  const input = el("input", { type, id: `${part.id}-${item.id}`, name: part.id, checked });
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

function group({ label, description, required }, part, look, boxes) {
  const wrong = part.complaint();
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

function dropdown(spec, part) {
  const { label, "data-source": source = [], required, enabled = true } = spec;
  const first = source.find(({ id }) => id === part.initial());
  const options = source.map((item) =>
    el("option", {
      value: item.id,
      disabled: item.enabled === false,
      selected: item === first,
      text: [item.title, item.description].filter(Boolean).join(" · "),
    }),
  );
  const node = el("select", {}, el("option", { value: "", text: "" }), ...options);
  node.disabled = enabled === false;
  part.input({ value: first?.id ?? "", check: () => (required && !node.value ? t("flowRequired") : "") });
  node.addEventListener("change", () => {
    const item = source.find(({ id }) => id === node.value);
    choose(spec, item, part);
  });
  return labelled({ label: required ? label : `${label} ${t("flowOptional")}`, node, part });
}
