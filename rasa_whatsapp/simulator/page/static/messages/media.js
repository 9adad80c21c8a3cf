/** Pictures, videos, sounds, documents and stickers. */

import { player } from "../audio.js";
import { el, webAddress } from "../dom.js";
import { rich } from "../formatting.js";
import { icon } from "../icons.js";
import { fileSize, t } from "../i18n.js";

/** Where the simulator gives a file: uploaded ones by id, linked ones through itself; "" for neither. */
function source({ id, link }) {
  if (id) return `/control/media/${encodeURIComponent(id)}`;
  return link ? `/control/link?url=${encodeURIComponent(link)}` : "";
}

function caption(text) {
  return text ? [rich(text)] : [];
}

/** In the place of a file that cannot be shown: what it is, and its address where it has one. */
function missing(kind, { link }) {
  const href = webAddress(link);
  return el(
    "p",
    { class: "missing" },
    icon(kind),
    el("span", { text: t("mediaMissing") }),
    href && el("a", { href, target: "_blank", rel: "noopener noreferrer", text: t("open") }),
  );
}

function replaceOnError(node, kind, file, holder = node) {
  node.addEventListener("error", () => holder.replaceWith(missing(kind, file)));
}

export function picture(file, act) {
  const alt = file.caption || t("image");
  const img = el("img", { src: source(file), alt });
  const button = el(
    "button",
    {
      type: "button",
      class: "picture",
      "aria-label": `${t("enlarge")}: ${alt}`,
      on: { click: () => act.enlarge(img) },
    },
    img,
  );
  replaceOnError(img, "photo", file, button);
  return button;
}

export function film(file) {
  const node = el("video", {
    src: source(file),
    controls: true,
    preload: "metadata",
    "aria-label": t("video"),
  });
  replaceOnError(node, "video", file);
  return el("div", { class: "film" }, node);
}

export function card(file) {
  const src = source(file);
  if (!src) return missing("document", file);
  const name = file.filename || nameInLink(file.link) || t("document");
  const kind = name.includes(".") ? name.split(".").pop().toUpperCase().slice(0, 4) : "";
  const facts = el("span", { class: "file__facts", text: kind });
  sizeOf(src).then((size) => facts.replaceChildren([kind, size].filter(Boolean).join(" · ")));
  return el(
    "a",
    { class: "file", href: src, download: name },
    el(
      "span",
      { class: "file__kind", data: { kind: kind.toLowerCase() }, "aria-hidden": "true" },
      icon("document"),
    ),
    el("span", { class: "file__name", text: name }),
    facts,
  );
}

function nameInLink(link = "") {
  return link.split(/[?#]/)[0].split("/").pop();
}

async function sizeOf(src) {
  try {
    const { ok, headers } = await fetch(src, { method: "HEAD" });
    if (!ok) return t("mediaMissing");
    return headers.has("Content-Length") ? fileSize(Number(headers.get("Content-Length"))) : "";
  } catch {
    return "";
  }
}

export function image(file, _, act) {
  return {
    body: [picture(file, act), ...caption(file.caption)],
    look: file.caption ? "media" : "media media--bare",
  };
}

export function video(file) {
  return { body: [film(file), ...caption(file.caption)], look: "media" };
}

export function documentCard(file) {
  return { body: [card(file), ...caption(file.caption)], look: "media" };
}

export function audio(file) {
  return { body: [player(source(file), file.voice)], look: "sound" };
}

export function sticker(file) {
  const img = el("img", { class: "sticker", src: source(file), alt: t("sticker") });
  replaceOnError(img, "sticker", file);
  return { body: [img], look: "bare" };
}
