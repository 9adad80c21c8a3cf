/** What to do about an entry that went wrong: Meta's code explained, or what the bot's answer means. */

import { t } from "../i18n.js";
import { errorCode } from "./facts.js";

const explained = new Map();

/** A sentence, by a promise; "" where there is nothing to say. */
export async function remedyOf(entry) {
  const code = errorCode(entry);
  if (code) return explain(code);
  if (entry.kind === "flow") return entry.error;
  if (entry.kind === "graph") return entry.status === null ? t("wasCut") : "";
  const last = entry.attempts.at(-1);
  if (!last || entry.acknowledged) return "";
  return last.status === null ? `${last.error}. ${t("botAway")}` : t(meaning(last.status));
}

function meaning(status) {
  if (status === 401 || status === 403) return "botRefused";
  if (status === 404 || status === 405) return "botElsewhere";
  return status >= 500 ? "botFailed" : "botOdd";
}

/** The sentences are the package's own, in English; each is asked for once. */
function explain(code) {
  if (!explained.has(code)) explained.set(code, ask(code));
  return explained.get(code);
}

async function ask(code) {
  try {
    const response = await fetch(`/control/errors/${code}`);
    return response.ok ? (await response.json()).text : "";
  } catch {
    explained.delete(code);
    return "";
  }
}
