/** What a bot asks a person for, beside words: a place, a contact, an address, leave to call. */

import { t } from "../i18n.js";
import { below, foot } from "./buttons.js";

export const REQUESTS = {
  location_request_message: (_, message, act) => ({
    foot: [foot(t("sendLocation"), "location", () => act.shareLocation(message.id))],
  }),
  request_contact_info: (_, message, act) => ({
    foot: [foot(t("shareContact"), "contact", () => act.shareContact(message.id))],
  }),
  address_message: ({ action }, message, act) => ({
    foot: [foot(t("giveAddress"), "location", () => act.giveAddress(message.id, action.parameters))],
  }),
  call_permission_request: (_, message, act) => ({
    choices: [
      below(t("allowCalls"), () => act.allowCalls(message.id, true), "phone"),
      below(t("refuseCalls"), () => act.allowCalls(message.id, false), "close"),
    ],
  }),
  flow: ({ action }, message, act) => ({
    foot: [foot(action.parameters.flow_cta, "form", () => act.openFlow(message))],
  }),
  voice_call: ({ action }, _, act) => ({
    foot: [foot(action.parameters?.display_text ?? t("call"), "phone", () => act.call())],
  }),
};

/** A form that was filled in: a Flow, or an address. */
export const ANSWERS = {
  nfm_reply: ({ nfm_reply: { body, name } }) => body || name,
  call_permission_reply: ({ call_permission_reply: { response } }) =>
    t(response === "accept" ? "allowCalls" : "refuseCalls"),
};
