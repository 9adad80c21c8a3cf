import { el } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** One card for each contact; its numbers and addresses unfold. */
export function contacts(people) {
  return { body: people.map(contactCard), look: "media wide" };
}

function contactCard(person) {
  const { name = {}, phones = [], emails = [], urls = [], addresses = [], org = {}, birthday } = person;
  const lines = [
    ...phones.map(({ phone, type }) => [phone, type]),
    ...emails.map(({ email, type }) => [email, type]),
    ...urls.map(({ url, type }) => [url, type]),
    ...addresses.map(({ street, city, state, zip, country, type }) => [
      [street, city, state, zip, country].filter(Boolean).join(", "),
      type,
    ]),
    [birthday, ""],
  ].filter(([value]) => value);
  const title = name.formatted_name || phones[0]?.phone || t("contact");
  const work = [org.title, org.department, org.company].filter(Boolean).join(", ");
  return el(
    "div",
    { class: "contact" },
    el("span", { class: "avatar avatar--small", "aria-hidden": "true" }, icon("person")),
    el("strong", { text: title }),
    work && el("span", { class: "contact__work", text: work }),
    lines.length > 0 &&
      el(
        "details",
        {},
        el("summary", { text: t("contactDetails") }),
        el(
          "ul",
          {},
          ...lines.map(([value, kind]) => el("li", {}, value, kind && el("small", { text: ` ${kind}` }))),
        ),
      ),
  );
}
