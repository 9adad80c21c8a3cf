/** The head of the open chat: who the bot is, whom one writes as, and whether anything is in the way. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { nameText, phoneText, t } from "./i18n.js";

export function drawHeader(state) {
  const { number, connected, handshake } = state;
  const user = state.users.get(state.selected);
  document.querySelector("#bot-name").textContent = number.name || t("bot");

  const line = document.querySelector("#bot-status");
  const typing = connected && state.isTyping(state.selected);
  line.classList.toggle("is-typing", typing);
  if (!connected) line.textContent = t("connecting");
  else if (typing) line.textContent = t("typing");
  else if (user) {
    const bot = phoneText({ phone: number.display_phone_number });
    line.textContent = `${t("youAre", { name: nameText(user) })} · ${t("bot")}: ${bot}`;
  }

  const notice = document.querySelector("#handshake");
  const problem = connected && !handshake.done ? handshake.problem : "";
  notice.hidden = !problem;
  if (problem !== notice.textContent) notice.replaceChildren(icon("alert"), el("span", { text: problem }));
}
