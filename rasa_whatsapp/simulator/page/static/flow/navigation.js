/** Ways to the next screen. */

import { el, webAddress } from "../dom.js";
import { picture } from "./pictures.js";

export const NAVIGATION = {
  EmbeddedLink: ({ text, "on-click-action": action }, part) => {
    const href = action?.name === "open_url" && webAddress(action.url);
    return href
      ? el("a", { class: "flow-link", href, target: "_blank", rel: "noopener noreferrer", text })
      : el("button", {
          type: "button",
          class: "flow-link link",
          text,
          on: { click: () => part.act(action) },
        });
  },
  NavigationList: ({ label, description, "list-items": items = [], "on-click-action": common }, part) =>
    el(
      "section",
      { class: "flow-navigation" },
      label && el("h4", { text: label }),
      description && el("p", { class: "flow-hint", text: description }),
      el(
        "ul",
        {},
        ...items.map((item) => el("li", {}, entry(item, item["on-click-action"] ?? common, part))),
      ),
    ),
  Footer: (spec, part) => {
    const { label, "left-caption": left, "center-caption": center, "right-caption": right } = spec;
    const button = el("button", { type: "submit", id: part.id, class: "primary", text: label });
    part.button = button;
    const captions = center
      ? [el("span", { text: center })]
      : [el("span", { text: left ?? "" }), el("span", { text: right ?? "" })];
    const named = left || center || right;
    return el(
      "footer",
      { class: "flow-footer" },
      named && el("p", { class: "flow-captions" }, ...captions),
      button,
    );
  },
};

function entry({ "main-content": main, start, end, badge, tags = [] }, action, part) {
  return el(
    "button",
    { type: "button", class: "flow-entry", on: { click: () => part.act(action) } },
    start?.image && el("img", { src: picture(start.image), alt: start["alt-text"] ?? "" }),
    el(
      "span",
      { class: "flow-entry__words" },
      el("strong", { text: main.title }),
      main.description && el("span", { text: main.description }),
      main.metadata && el("small", { text: main.metadata }),
      tags.length > 0 && el("span", { class: "flow-tags" }, ...tags.map((tag) => el("small", { text: tag }))),
    ),
    end &&
      el(
        "span",
        { class: "flow-entry__end" },
        ...["title", "description", "metadata"].map((key) => end[key] && el("small", { text: end[key] })),
      ),
    badge && el("small", { class: "flow-badge", text: badge }),
  );
}
