/** The page's language: the browser's own at first, then what the person chooses. */

import { now } from "./clock.js";
import { TEXTS } from "./texts.js";

const KEY = "language";
const FALLBACK = "en";

export const languages = Object.keys(TEXTS);

let language = initial();

function initial() {
  const wished = [localStorage.getItem(KEY), ...navigator.languages].filter(Boolean);
  return wished.map((tag) => tag.slice(0, 2)).find((tag) => tag in TEXTS) ?? FALLBACK;
}

export function currentLanguage() {
  return language;
}

/** Take over what was chosen in another window. */
export function followLanguage() {
  language = initial();
}

export function setLanguage(tag) {
  language = tag;
  localStorage.setItem(KEY, tag);
}

/** A text in the page's language; `{name}` is filled in from `values`. */
export function t(key, values = {}) {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Fill in the texts of the static HTML: `data-t` is the text, `data-t-<attribute>` an attribute. */
export function translate(root) {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const attribute of ["aria-label", "placeholder", "title"]) {
    for (const node of root.querySelectorAll(`[data-t-${attribute}]`)) {
      node.setAttribute(attribute, t(node.getAttribute(`data-t-${attribute}`)));
    }
  }
}

/** The browser's own regional habits (es-AR), where they belong to the page's language. */
function locale() {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

export function clockTime(seconds, withSeconds = false) {
  const second = withSeconds ? "2-digit" : undefined;
  return format({ hour: "2-digit", minute: "2-digit", second, hourCycle: "h23" }, seconds);
}

/** "Today", "Yesterday", or the date. */
export function dayName(seconds) {
  const days = Math.round(
    (midnight(new Date(now() * 1000)) - midnight(new Date(seconds * 1000))) / 86_400_000,
  );
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return format({ day: "numeric", month: "long", year: "numeric" }, seconds);
}

/** What tells two days apart, in the person's own time zone. */
export function dayKey(seconds) {
  return midnight(new Date(seconds * 1000));
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function format(options, seconds) {
  return new Intl.DateTimeFormat(locale(), options).format(seconds * 1000);
}

/** An amount of money, in the page's own way of writing it. */
export function money(amount, currency) {
  const options = currency ? { style: "currency", currency } : {};
  return new Intl.NumberFormat(locale(), options).format(amount);
}

export function fileSize(bytes) {
  const [value, unit] =
    bytes < 1024
      ? [bytes, "byte"]
      : bytes < 1_048_576
        ? [bytes / 1024, "kilobyte"]
        : [bytes / 1_048_576, "megabyte"];
  const options = { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 };
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** Somebody's phone number as people read it; the user id of somebody who hides it. */
export function phoneText({ phone, user_id: id }) {
  return phone ? `+${phone}` : id;
}

/** What somebody is called: the name, where there is one. */
export function nameText(user) {
  return user.name || phoneText(user);
}
