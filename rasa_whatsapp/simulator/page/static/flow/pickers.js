/** Files that the user adds. A file goes to the simulator at once; the form holds what stands for it. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

export const PICKERS = {
  PhotoPicker: (spec, part) =>
    picker(spec, part, {
      words: ["flowPickPhoto", "flowPickPhotos"],
      accept: "image/jpeg,image/png",
      least: spec["min-uploaded-photos"],
      most: spec["max-uploaded-photos"],
    }),
  DocumentPicker: (spec, part) =>
    picker(spec, part, {
      words: ["flowPickDocument", "flowPickDocuments"],
      accept: (spec["allowed-mime-types"] ?? []).join(","),
      least: spec["min-uploaded-documents"],
      most: spec["max-uploaded-documents"],
    }),
};

function picker(spec, part, { words: [one, several], accept, least = 0, most = 30 }) {
  const { label, description, enabled = true, "max-file-size-kb": largest = 25_600 } = spec;
  const id = part.id;
  const list = el("ul", { class: "flow-files", "aria-live": "polite" });
  const multiple = Number(most) > 1;
  const input = el("input", { type: "file", id, accept, multiple });
  input.disabled = enabled === false;
  const show = () => list.replaceChildren(...part.value.map(row));
  const change = (files) => {
    part.change(files);
    show();
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
          click: () => change(part.value.filter((each) => each !== file)),
        },
      }),
    );
  input.addEventListener("change", async () => {
    const added = [...input.files];
    input.value = "";
    const troubles = [];
    for (const file of added)
      try {
        if (file.size > Number(largest) * 1024) throw new Error(t("flowTooLarge", { name: file.name }));
        const before = () => (multiple ? part.value : []); // another one in its place
        if (before().length >= Number(most)) break;
        const picked = { $picked: await part.pick(file), name: file.name };
        change([...before(), picked]);
      } catch (trouble) {
        troubles.push(trouble.message);
      }
    if (troubles.length > 0) part.problem(troubles.join(" "));
  });
  part.input({
    value: part.initial() ?? [],
    check: () => (part.value.length < Number(least) ? t("flowAtLeast", { count: least }) : ""),
  });
  show();
  const wrong = part.complaint();
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
