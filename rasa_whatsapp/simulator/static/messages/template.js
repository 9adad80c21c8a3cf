/** Templates. Their wording is kept at Meta, so the page shows the name and what was filled in. */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { below } from "./buttons.js";
import { location } from "./location.js";
import { card, film, picture } from "./media.js";

export function template({ name, language, components = [] }, message, act) {
  const of = (type) => components.filter((component) => component.type.toLowerCase() === type);
  const parameters = (found) => found.flatMap((component) => component.parameters ?? []);
  const body = parameters(of("body"));
  const quickReplies = of("button").filter(({ sub_type: kind }) => kind === "quick_reply");
  return {
    body: [
      el(
        "header",
        { class: "template" },
        icon("template"),
        el("span", { text: `${t("template")} · ${language?.code ?? ""}` }),
        el("strong", { text: name }),
      ),
      ...parameters(of("header")).map((parameter) => headerPart(parameter, act)),
      body.length > 0 && el("dl", { class: "template__values" }, ...body.flatMap(valuePair)),
    ].filter(Boolean),
    choices: parameters(quickReplies).map(({ payload }) =>
      below(payload, () => act.tap(message.id, payload), "reply"),
    ),
    look: "wide",
  };
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
