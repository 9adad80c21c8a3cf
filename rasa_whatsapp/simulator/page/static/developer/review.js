/** Meta's review: the status of each template and Flow, which changes as soon as it is chosen. */

import { choice, openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { toast } from "../toast.js";

const PATH = "/control/review";

/** Open the dialog with every status as it is. */
export async function openReview() {
  const told = await (await fetch(PATH)).json();
  const controls = [
    ...told.templates.map((each) => control({ kind: "template", ...each }, told.template_statuses)),
    ...told.flows.map((each) => control({ kind: "flow", ...each }, told.flow_statuses)),
  ];
  openDialog(
    t("review"),
    () => [
      el("p", { class: "dialog__hint", text: t("reviewHint") }),
      el("div", { class: "form" }, ...controls),
    ],
    "dialog--restrictions",
  );
}

/** A draft of a Flow has a status that Meta does not give. */
function control({ kind, name, language, category, status }, statuses) {
  const label = [name, language, category].filter(Boolean).join(" · ");
  const words = [...new Set([status, ...statuses])].map((word) => [word, word]);
  const change = (event) => judge({ kind, name, language, status: event.target.value });
  const labelled = choice(label, {}, words, status);
  labelled.addEventListener("change", change);
  return labelled;
}

async function judge(judgement) {
  const response = await fetch(PATH, { method: "POST", body: JSON.stringify(judgement) });
  if (!response.ok) toast(await response.text());
}
