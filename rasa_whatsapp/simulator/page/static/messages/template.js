/** Templates: as people read them, or by name and what was filled in where the account has none such. */

import { el } from "../dom.js";
import { rich } from "../formatting.js";
import { icon } from "../icons.js";
import { clockTime, dayName, t } from "../i18n.js";
import { below, foot } from "./buttons.js";
import { location } from "./location.js";
import { card, film, picture } from "./media.js";

export function template(content, message, act) {
  return drawn(content, message.wording, message, act);
}

function drawn({ name, language, components = [] }, wording, message, act) {
  const of = (type) => components.filter((component) => component.type.toLowerCase() === type);
  const parameters = (found) => found.flatMap((component) => component.parameters ?? []);
  const body = parameters(of("body"));
  const buttons = of("button");
  const quickReplies = buttons.filter(({ sub_type: kind }) => kind.toLowerCase() === "quick_reply");
  const cards = of("carousel").flatMap((component) => component.cards ?? []);
  const [offer] = parameters(of("limited_time_offer"));
  return {
    body: [
      el(
        "header",
        { class: "template" },
        icon("template"),
        el("span", { text: `${t("template")} · ${language?.code ?? ""}` }),
        el("strong", { text: name }),
      ),
      ...(wording?.header
        ? [el("strong", { class: "offer__title", text: wording.header })]
        : parameters(of("header")).map((parameter) => headerPart(parameter, act))),
      offer && expiry(offer.limited_time_offer.expiration_time_ms / 1000),
      wording?.body && rich(wording.body),
      !wording && body.length > 0 && el("dl", { class: "template__values" }, ...body.flatMap(valuePair)),
      wording?.footer && el("p", { class: "offer__footer", text: wording.footer }),
    ].filter(Boolean),
    foot: buttons
      .filter((button) => !quickReplies.includes(button))
      .map((button) => otherButton(button, wording?.buttons[button.index])),
    after: cards.length > 0 ? [deck(cards, message, act)] : [],
    choices: quickReplies.flatMap(({ index, parameters: given = [] }) =>
      given.map(({ payload }) =>
        below(wording?.buttons[index] || payload, () => act.tap(message.id, payload), "reply"),
      ),
    ),
    look: "wide",
  };
}

/** Where its label is not known, here stands what it was given. */
function otherButton({ sub_type: kind, index, parameters = [] }, title) {
  const [given] = parameters;
  const value = given && given[given.type];
  const code = kind.toLowerCase() === "copy_code" && value;
  const words = typeof value === "string" ? value : kind.toLowerCase().replaceAll("_", " ");
  const name = title || `${t("button", { number: Number(index) + 1 })} · ${words}`;
  return foot(name, code ? "copy" : "open", () => code && navigator.clipboard.writeText(code));
}

function expiry(seconds) {
  return el("p", {
    class: "goods__note",
    text: t("validUntil", { time: `${dayName(seconds)} ${clockTime(seconds)}` }),
  });
}

/** Each card of a template's carousel is a small template of its own. */
function deck(cards, message, act) {
  return el(
    "div",
    { class: "carousel", role: "group", tabindex: "0", "aria-label": t("cards") },
    ...cards.map(({ card_index: index, components }) => {
      const { body, choices, foot: links } = drawn({ name: `${index + 1}`, components }, null, message, act);
      return el("article", { class: "card" }, ...body, ...choices, ...links);
    }),
  );
}

function headerPart(parameter, act) {
  const value = parameter[parameter.type];
  const render = {
    image: picture,
    video: film,
    document: card,
    location: (place) => location(place).body[1],
  };
  return render[parameter.type]?.(value, act) ?? el("strong", { text: valueText(parameter) });
}

function valuePair(parameter, index) {
  return [
    el("dt", { text: `{{${parameter.parameter_name ?? index + 1}}}` }),
    el("dd", { text: valueText(parameter) }),
  ];
}

function valueText(parameter) {
  const value = parameter[parameter.type];
  return typeof value === "string" ? value : (value?.fallback_value ?? JSON.stringify(value));
}
