/** Words of a Flow's screen. */

import { el } from "../dom.js";
import { inline, markdown } from "./markdown.js";

export const TEXTS = {
  TextHeading: ({ text }) => el("h3", { class: "flow-heading", text }),
  TextSubheading: ({ text }) => el("h4", { class: "flow-subheading", text }),
  TextBody: (spec) => prose(spec, "flow-body"),
  TextCaption: (spec) => prose(spec, "flow-caption"),
  RichText: ({ text }) => markdown(text),
};

function prose({ text, markdown: marked, strikethrough, "font-weight": weight = "normal" }, look) {
  const bold = weight.startsWith("bold");
  const italic = weight.endsWith("italic");
  const looks = [look, bold && "flow-bold", italic && "flow-italic", strikethrough && "flow-struck"];
  const box = el("div", { class: looks.filter(Boolean).join(" ") });
  if (marked) box.append(markdown(text));
  else
    for (const line of [text].flat())
      box.append(el("p", {}, ...(marked ? inline(line) : [String(line ?? "")])));
  return box;
}
