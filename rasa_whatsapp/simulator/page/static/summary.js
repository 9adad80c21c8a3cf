/** A message in one line, for the list of chats and for quotes. Nothing relies on its form. */

import { plain } from "./formatting.js";
import { t } from "./i18n.js";

const KINDS = {
  image: "photo",
  video: "video",
  audio: "audio",
  document: "document",
  sticker: "sticker",
  location: "location",
  contacts: "contact",
  template: "template",
};
const NAMES = { ...Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kind])), contacts: "contact" };

/** @returns {{icon: string, text: string}} `icon` is empty for messages that are words. */
export function summary({ content, text }) {
  const { type } = content;
  const words = plain(text);
  if (!Object.hasOwn(KINDS, type)) return { icon: "", text: words || t("unknown", { type }) };
  return {
    icon: KINDS[type],
    text: words || t(type === "audio" && content.audio?.voice ? "voice" : NAMES[type]),
  };
}
