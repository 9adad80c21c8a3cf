/** Trouble on order: the bot's next message is refused, lost, late, or reported as failed. */

import { t } from "../i18n.js";
import { toast } from "../toast.js";
import { openBadDay } from "./badday.js";

/** One of each kind that a bot should be ready for. */
const TROUBLES = [
  { kind: "refused", code: 130429 },
  { kind: "refused", code: 131056 },
  { kind: "refused", code: 131047 },
  { kind: "refused", code: 190 },
  { kind: "failed", code: 131026 },
  { kind: "failed", code: 131049 },
  { kind: "html" },
  { kind: "cut" },
  { kind: "slow" },
];

/** The items of a menu. */
export function troubleItems(to) {
  const next = TROUBLES.map((trouble) => {
    const why = trouble.code && `${t(`why_${trouble.code}`)} (${trouble.code})`;
    const text = t(`trouble_${trouble.kind}`, { why });
    return { icon: "storm", text, act: () => order({ ...trouble, to }, text) };
  });
  return [{ heading: t("troubleNext"), items: next }, { icon: "storm", text: `${t("badDay")} …`, act: openBadDay }];
}

async function order(trouble, text) {
  const response = await fetch("/control/troubles", { method: "POST", body: JSON.stringify(trouble) });
  toast(response.ok ? `${t("troubleNext")} ${text}` : await response.text());
}
