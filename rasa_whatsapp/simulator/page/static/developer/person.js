/** What happens with a person now and then: another number, an advertisement, no more marketing. */

import { field, form, openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";

/** The items of a menu. */
export function personItems({ stopped_marketing: stopped }, commands) {
  return [
    { icon: "phone", text: `${t("changeNumber")} …`, act: () => openNumber(commands) },
    { icon: "open", text: `${t("byAd")} …`, act: () => openAd(commands) },
    {
      icon: "bin",
      text: t(stopped ? "resumeMarketing" : "stopMarketing"),
      act: () => commands.stopMarketing(!stopped),
    },
  ];
}

function openNumber(commands) {
  openDialog(t("changeNumber"), (close) => [
    el("p", { class: "dialog__hint", text: t("changeNumberHint") }),
    form(
      close,
      [field(t("phone"), { name: "phone", type: "tel", required: true, pattern: ".*\\d.*" })],
      t("apply"),
      ({ phone }) => commands.changeNumber(phone),
    ),
  ]);
}

function openAd(commands) {
  openDialog(t("byAd"), (close) => [
    el("p", { class: "dialog__hint", text: t("byAdHint") }),
    form(
      close,
      [field(t("words"), { name: "text", required: true }), field(t("headline"), { name: "headline" })],
      t("send"),
      ({ text, headline }) => commands.comeByAd(text, headline),
    ),
  ]);
}
