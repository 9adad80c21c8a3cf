/**
 * A short notice that goes away by itself. An open dialog makes everything outside it inert and lies over
 * it, so the notice then belongs inside.
 */

import { el } from "./dom.js";

const SHOWN_MS = 6000;

export function toast(text) {
  const place = document.querySelector("dialog[open]") ?? document.body;
  const notes =
    place.querySelector(":scope > .toasts") ??
    place.appendChild(el("div", { class: "toasts", role: "alert" }));
  const note = el("p", { class: "toast", text });
  notes.append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
