/** A short notice that goes away by itself. */

import { el } from "./dom.js";

const SHOWN_MS = 6000;

export function toast(text) {
  const note = el("p", { class: "toast", text });
  document.querySelector("#toasts").append(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}
