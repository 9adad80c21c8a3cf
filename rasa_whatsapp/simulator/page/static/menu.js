/** A small menu beside the button that opens it; arrow keys move, Escape and a click outside close. */

import { el } from "./dom.js";
import { icon } from "./icons.js";

const MARGIN = 8;

/**
 * @param {HTMLElement} anchor the button
 * @param {object[]} items each `{icon?, text, label?, act}`, or several of them under `{heading, items}`
 * @param {{text: string, label: string, act: () => void}[]} [more.quick] short ones, in a row on top
 * @param {string} [more.look] another than a list of words
 */
export function openMenu(anchor, items, { quick = [], look = "" } = {}) {
  const choose = (item) => () => {
    menu.hidePopover();
    item.act();
  };
  const button = (item) =>
    el(
      "button",
      { type: "button", role: "menuitem", "aria-label": item.label, on: { click: choose(item) } },
      item.icon && icon(item.icon),
      el("span", { text: item.text }),
    );
  const group = ({ heading, items: under }) =>
    el(
      "div",
      { class: "menu__group", role: "group", "aria-label": heading },
      el("p", { class: "menu__heading", "aria-hidden": "true", text: heading }),
      ...under.map(button),
    );
  const menu = el(
    "div",
    { class: look ? `menu menu--${look}` : "menu", role: "menu", popover: "auto", on: { keydown: (event) => move(menu, event) } },
    quick.length > 0 && el("div", { class: "menu__quick", role: "group" }, ...quick.map(button)),
    ...items.map((item) => (item.heading ? group(item) : button(item))),
  );
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    if (menu.contains(document.activeElement)) anchor.focus();
    anchor.setAttribute("aria-expanded", "false");
    menu.remove();
  });
  // Inside the part of the page it belongs to, and outside of the log, which would read it out as news.
  anchor.closest("section, nav, aside").append(menu);
  menu.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor.getBoundingClientRect());
  menu.querySelector("button").focus();
}

function place(menu, { left, right, top, bottom }) {
  const { width, height } = menu.getBoundingClientRect();
  const below = bottom + height + MARGIN < innerHeight;
  const start = left + width + MARGIN < innerWidth ? left : right - width;
  menu.style.left = `${Math.max(MARGIN, Math.min(start, innerWidth - width - MARGIN))}px`;
  menu.style.top = `${below ? bottom + 4 : Math.max(MARGIN, top - height - 4)}px`;
}

function move(menu, event) {
  event.stopPropagation(); // Escape closes the menu, and nothing behind it
  const buttons = [...menu.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const steps = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: -1,
  };
  if (!(event.key in steps)) return;
  event.preventDefault();
  buttons.at(steps[event.key] % buttons.length).focus();
}
