/** Files that the user adds. A file goes to the simulator at once; the form holds what stands for it. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

export const PICKERS = {
  PhotoPicker: (spec, screen) =>
    picker(spec, screen, {
      words: ["flowPickPhoto", "flowPickPhotos"],
      accept: "image/jpeg,image/png",
      least: spec["min-uploaded-photos"],
      most: spec["max-uploaded-photos"],
    }),
  DocumentPicker: (spec, screen) =>
    picker(spec, screen, {
      words: ["flowPickDocument", "flowPickDocuments"],
      accept: (spec["allowed-mime-types"] ?? []).join(","),
      least: spec["min-uploaded-documents"],
      most: spec["max-uploaded-documents"],
    }),
};

function picker(spec, screen, { words: [one, several], accept, least = 0, most = 30 }) {
  const { name, label, description, enabled = true, "max-file-size-kb": largest = 25_600 } = spec;
  const id = screen.id(name);
  const list = el("ul", { class: "flow-files", "aria-live": "polite" });
  const multiple = Number(most) > 1;
  const input = el("input", { type: "file", id, accept, multiple });
  input.disabled = enabled === false;
  let files = [];
  const changed = () => {
    screen.change(
      name,
      files.map(({ picked }) => ({ $picked: picked })),
    );
    list.replaceChildren(...files.map(row));
  };
  const row = (file) =>
    el(
      "li",
      {},
      el("span", { text: file.name }),
      el("button", {
        type: "button",
        class: "link",
        text: t("flowRemove"),
        on: {
          click: () => {
            files = files.filter((each) => each !== file);
            changed();
          },
        },
      }),
    );
  input.addEventListener("change", async () => {
    if (!multiple && input.files.length > 0) files = []; // another one in its place
    for (const file of input.files) {
      if (file.size > Number(largest) * 1024) screen.problem(name, t("flowTooLarge", { name: file.name }));
      else if (files.length < Number(most)) files.push({ name: file.name, picked: await screen.pick(file) });
    }
    input.value = "";
    changed();
  });
  screen.input(name, {
    value: [],
    check: () => (files.length < Number(least) ? t("flowAtLeast", { count: least }) : ""),
  });
  const wrong = el("p", { class: "flow-wrong", role: "alert" });
  screen.shows(name, (problem) => {
    wrong.textContent = problem;
  });
  return el(
    "div",
    { class: "flow-field flow-picker" },
    el("label", { for: id, text: label }),
    description && el("p", { class: "flow-hint", text: description }),
    // The browser's own words ("No file chosen") would contradict the list: its field lies unseen over these.
    el("div", { class: "flow-pick" }, input, el("label", { for: id, text: t(multiple ? several : one) })),
    list,
    wrong,
  );
}
