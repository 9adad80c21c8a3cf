/** The developer's panel: webhooks sent to the bot and the bot's calls to the Graph API, newest first. */

import { el, json } from "./dom.js";
import { clockTime, t } from "./i18n.js";

const KINDS = { webhook: "↑", graph: "↓" };

export class DeveloperPanel {
  #panel;
  #list;
  #button;
  #state;
  #drawn = new Map();

  constructor(root, state) {
    this.#panel = root.querySelector("#developer");
    this.#list = root.querySelector("#log");
    this.#button = root.querySelector("#developer-toggle");
    this.#state = state;
    this.#button.addEventListener("click", () => this.#toggle());
    root.querySelector("#developer-close").addEventListener("click", () => this.#toggle());
    root.querySelector("#log-clear").addEventListener("click", () => state.forgetLog());
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#toggle());
  }

  draw() {
    if (this.#panel.hidden) return;
    const entries = [...this.#state.log].reverse();
    const rows = entries.map(([key, entry]) => this.#row(key, entry));
    const empty = el("li", { class: "log__empty", text: t("developerEmpty") });
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [empty]));
    this.#drawn = new Map(entries.map(([key, entry], index) => [key, { entry, node: rows[index] }]));
  }

  #toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#button.setAttribute("aria-expanded", String(!this.#panel.hidden));
    this.#drawn.clear();
    this.draw();
    if (this.#panel.hidden) this.#button.focus();
    else this.#panel.querySelector("h2").focus();
  }

  /** The row drawn before, as long as its entry is the same: an unfolded row stays unfolded. */
  #row(key, entry) {
    const drawn = this.#drawn.get(key);
    return drawn?.entry === entry
      ? drawn.node
      : rowOf(entry, drawn?.node.querySelector("details").open ?? false);
  }
}

function rowOf(entry, open) {
  const { label, status, seconds, failed } =
    entry.kind === "webhook" ? webhookFacts(entry) : graphFacts(entry);
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
      el("span", { class: "entry__label", text: label }),
      el("time", { text: clockTime(entry.at, true) }),
      el("span", {
        class: `entry__status ${failed ? "entry__status--failed" : ""}`,
        text: status ?? t("noAnswer"),
      }),
      el("span", { class: "entry__took", text: t("milliseconds", { count: Math.round(seconds * 1000) }) }),
    ),
  );
  // Two hundred bodies are printed only when somebody looks at them.
  const fill = () => details.open && details.childElementCount === 1 && details.append(...parts(entry));
  details.addEventListener("toggle", fill);
  fill();
  return el("li", {}, details);
}

function webhookFacts({ body, attempts, acknowledged }) {
  const last = attempts.at(-1);
  const repeats = attempts.length > 1 ? ` · ${t("attempt", { count: attempts.length })}` : "";
  return {
    label: subject(body) + repeats,
    status: last?.status,
    seconds: last?.seconds ?? 0,
    failed: !acknowledged,
  };
}

function graphFacts({ method, path, body, status, seconds }) {
  const kind = body?.type ?? (body?.typing_indicator ? "typing" : body?.status) ?? "";
  const names = path
    .split("/")
    .slice(2)
    .filter((part) => /\D/.test(part)); // without the ids
  const label = [method, names.join("/"), kind].filter(Boolean).join(" ");
  return { label, status, seconds, failed: status === null || status >= 400 };
}

/** What a webhook is about: "messages text", "status delivered". */
function subject(body) {
  const change = parsed(body)?.entry?.[0]?.changes?.[0];
  const { messages, statuses } = change?.value ?? {};
  if (messages?.[0]) return `messages ${messages[0].type}`;
  if (statuses?.[0]) return `status ${statuses[0].status}`;
  return change?.field ?? t("webhook");
}

function parts(entry) {
  const { kind, body, headers, attempts, query, response } = entry;
  const sections =
    kind === "webhook"
      ? [
          ["body", parsed(body) ?? body],
          ["headers", headers],
          ["attempts", attempts],
        ]
      : [
          ["query", query],
          ["body", body],
          ["response", response],
        ];
  return sections
    .filter(([, value]) => value && Object.keys(value).length > 0)
    .flatMap(([name, value]) => [el("h3", { text: name }), json(value)]);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
