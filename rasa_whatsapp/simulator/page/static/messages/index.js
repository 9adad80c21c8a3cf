/**
 * What a message looks like inside its bubble: one renderer for each message type.
 *
 * A renderer gets the typed body, the whole message and `act` (what the person can do with it), and
 * returns the nodes for each place: {body, foot?: at the foot of the bubble, choices?: below it and as
 * wide, after?: below it and as wide as the chat, look?: class of the bubble}. Bots send odd things;
 * a message that a renderer cannot make sense of is shown as JSON.
 */

import { order } from "./commerce.js";
import { contacts } from "./contacts.js";
import { interactive } from "./interactive.js";
import { location } from "./location.js";
import { audio, documentCard, image, sticker, video } from "./media.js";
import { template } from "./template.js";
import { pin, templateReply, text } from "./text.js";
import { unknown } from "./unknown.js";

const RENDERERS = {
  text,
  image,
  video,
  audio,
  document: documentCard,
  sticker,
  location,
  contacts,
  order,
  pin,
  interactive,
  template,
  button: templateReply,
};

/** The content of one message as {body, foot, choices, after, look}. */
export function renderContent(message, act) {
  const { type } = message.content;
  const render = Object.hasOwn(RENDERERS, type) ? RENDERERS[type] : unknown;
  let rendered;
  try {
    rendered = render(message.content[type], message, act);
  } catch (problem) {
    console.warn(`A message of type ${type} has an unusual form.`, problem);
    rendered = unknown(message.content[type], message);
  }
  return { foot: [], choices: [], after: [], look: "", ...rendered };
}
