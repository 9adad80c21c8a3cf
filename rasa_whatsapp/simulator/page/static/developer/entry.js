/** One webhook or call in the developer's panel: a line that unfolds to everything that is known of it. */

import { el, json } from "../dom.js";
import { icon } from "../icons.js";
import { clockTime, fileSize, t } from "../i18n.js";
import { priceReason, priceWords } from "../price.js";
import { toast } from "../toast.js";
import { callAsCurl, webhookAsCurl } from "./curl.js";
import { TARGET, factsOf, parsed, pricingIn } from "./facts.js";
import { remedyOf } from "./remedy.js";
import { edit, sendAgain } from "./repeat.js";

const KINDS = { webhook: "↑", graph: "↓", flow: "⇅" };

/** @param {string} url where the bot's webhook is */
export function rowOf(entry, open, url) {
  const { label, status, milliseconds, failed } = factsOf(entry);
  const details = el(
    "details",
    { class: "entry", open },
    el(
      "summary",
      {},
      el("span", {
        class: `entry__kind entry__kind--${entry.kind}`,
        title: t(entry.kind),
        "aria-label": t(entry.kind),
        role: "img",
        text: KINDS[entry.kind],
      }),
      el("span", { class: "entry__label", text: label + repeats(entry) }),
      el("span", { class: "entry__when" }, el("time", { text: clockTime(entry.at, true) }), price(entry)),
      el("span", {
        class: `entry__status ${failed ? "entry__status--failed" : ""}`,
        text: status ?? t(entry.attempts?.length === 0 ? "waiting" : "noAnswer"),
      }),
      el("span", { class: `entry__took ${pace(entry, milliseconds)}`, text: took(milliseconds) }),
    ),
  );
  // Two hundred bodies are printed only when somebody looks at them.
  const fill = () => details.open && details.childElementCount === 1 && details.append(...parts(entry, url));
  details.addEventListener("toggle", fill);
  fill();
  return el("li", {}, details);
}

export function took(milliseconds) {
  return t("milliseconds", { count: milliseconds < 10 ? Math.ceil(milliseconds) : Math.round(milliseconds) });
}

function repeats({ kind, attempts }) {
  return kind === "webhook" && attempts.length > 1 ? ` · ${t("attempt", { count: attempts.length })}` : "";
}

/** Only the bot's own speed is judged: how fast it acknowledges. */
function pace({ kind }, milliseconds) {
  if (kind !== "webhook" || milliseconds <= TARGET.median) return "";
  return milliseconds > TARGET.slow ? "entry__took--late" : "entry__took--slow";
}

function price(entry) {
  const pricing = pricingIn(entry);
  return pricing && el("span", { class: "entry__price", text: priceWords(pricing) });
}

function parts(entry, url) {
  const { kind, headers = {}, attempts = [], query, response } = entry;
  const body = kind === "flow" ? entry.request : entry.body;
  const text = kind === "webhook" ? body : entry.text;
  const pricing = pricingIn(entry);
  const signature = headers["X-Hub-Signature-256"];
  return [
    remedy(entry),
    actions(entry, url),
    pricing && section(t("price"), el("p", { class: "entry__reason", text: priceReason(pricing) })),
    attempts.length > 0 && section(t("attempts"), attemptList(attempts)),
    signature && section(t("signature"), el("code", { class: "entry__signature", text: signature })),
    filled(headers) && section(t("headers"), json(headers)),
    filled(query) && section(t("query"), json(query)),
    filled(body) && section(t("body"), json(kind === "webhook" ? (parsed(body) ?? body) : body)),
    text && exact(text),
    filled(response) && section(t("response"), json(response)),
  ].filter(Boolean);
}

function filled(value) {
  return value && Object.keys(value).length > 0;
}

function section(title, node) {
  return el("section", { class: "entry__part" }, el("h3", { text: title }), node);
}

function exact(text) {
  const size = fileSize(new TextEncoder().encode(text).length);
  return el(
    "details",
    { class: "entry__part entry__bytes" },
    el("summary", { text: `${t("exactBytes")} · ${size}` }),
    json(text),
  );
}

function attemptList(attempts) {
  return el(
    "ol",
    { class: "attempts" },
    ...attempts.map(({ at, status, seconds, error }) =>
      el("li", {
        text: [clockTime(at, true), status ?? t("noAnswer"), took(seconds * 1000), error]
          .filter(Boolean)
          .join(" · "),
      }),
    ),
  );
}

function remedy(entry) {
  const note = el("p", { class: "entry__remedy", hidden: true });
  remedyOf(entry).then((words) => {
    note.hidden = !words;
    if (words) note.replaceChildren(icon("alert"), el("span", { text: words }));
  });
  return note;
}

/** What came as a form, such as an upload, or went to a Flow's endpoint cannot be sent again from here. */
function actions(entry, url) {
  if (entry.kind === "flow") return null;
  const repeatable = entry.kind === "webhook" || Boolean(entry.text) || entry.method !== "POST";
  const editable = entry.kind === "webhook" || Boolean(entry.text);
  const again = async () => {
    try {
      await sendAgain(entry);
    } catch (problem) {
      toast(problem.message);
    }
  };
  const curl = async () => {
    await navigator.clipboard.writeText(
      entry.kind === "webhook" ? webhookAsCurl(entry, url) : callAsCurl(entry),
    );
    toast(t("copied"));
  };
  if (!repeatable) return null;
  return el(
    "div",
    { class: "entry__actions" },
    button("replay", t("replay"), again),
    editable && button("edit", t("editAndSend"), () => edit(entry, toast)),
    button("copy", t("copyCurl"), curl),
  );
}

function button(sign, text, act) {
  return el(
    "button",
    { type: "button", class: "tool", on: { click: act } },
    icon(sign),
    el("span", { text }),
  );
}
