/** Puts the parts together: packets change the state, the state's events draw the views. */

import { Beside } from "./beside.js";
import { Chats } from "./chats.js";
import { Commands } from "./commands.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { DeveloperPanel } from "./developer/panel.js";
import { field, form, openDialog } from "./dialog.js";
import { el, json } from "./dom.js";
import { openFlow } from "./flow/flow.js";
import { openForward } from "./forwarding.js";
import { drawHeader } from "./header.js";
import { icon } from "./icons.js";
import { currentLanguage, followLanguage, languages, setLanguage, t, translate } from "./i18n.js";
import { openListSheet } from "./listsheet.js";
import { openAddress, openOrder } from "./ordering.js";
import { Sharing } from "./sharing.js";
import { State } from "./state.js";
import { toast } from "./toast.js";
import { VoiceBar } from "./voice/bar.js";
import { WindowTimer } from "./window.js";

const WIDE = matchMedia("(min-width: 720px)");

const state = new State();
const connection = new Connection("/control/ws?together");
const commands = new Commands(connection, state, toast);
const sharing = new Sharing(commands, toast);

/** What a person can do with a message, for its renderer. */
const act = {
  tap: (message, id) => commands.tap(message, id),
  react: (message, emoji) => commands.react(message, emoji),
  reply: (message) => composer.setReply(message),
  forward: (message) => openForward(message, nameOf, (often) => commands.forward(message.id, often)),
  show: (id) => conversation.pointOut(id),
  openList: (message) => openListSheet(message, (row) => commands.tap(message.id, row)),
  shareLocation: (replyTo) => sharing.location(replyTo),
  shareContact: (replyTo) => sharing.contact(replyTo),
  order: (message, products) =>
    openOrder(products, (items, remark) =>
      commands.order(message.content.interactive.action.catalog_id ?? "", items, remark, message.id),
    ),
  giveAddress: (replyTo, request) => openAddress(request, (values) => commands.address(values, replyTo)),
  allowCalls: (replyTo, allowed) => commands.allowCalls(allowed, replyTo),
  call: () => toast(t("noCalls")),
  openFlow: (message) => openFlow(message, commands.flows, toast),
  enlarge: (img) => openDialog(img.alt, () => [el("img", { src: img.src, alt: img.alt })], "dialog--picture"),
  showJson: (message) => openDialog(message.id, () => [json(message.content)], "dialog--json"),
};

const nameOf = ({ from }) => (from === "user" ? t("you") : state.number.name || t("bot"));
const chats = new Chats(document, state);
const conversation = new Conversation(document, state, act, nameOf);
const voice = new VoiceBar(document, (recording) => sharing.voice(recording, composer.replyTo), toast);
const composer = new Composer(document, state, commands, nameOf, sharing.items);
const developer = new DeveloperPanel(document, state, commands);
const timer = new WindowTimer(document, state, (hours) => commands.advance(hours));
const beside = new Beside(document, state);

connection.addEventListener("open", () => state.connect(true));
connection.addEventListener("close", () => state.connect(false));
connection.addEventListener("packet", ({ detail }) => state.apply(detail));

state.addEventListener("snapshot", () => {
  chooseChat();
  drawAll();
  beside.restore();
  markRead();
});
state.addEventListener("selected", () => {
  document.body.classList.toggle("has-chat", state.selected !== "");
  chats.draw();
  drawHeader(state);
  voice.discard();
  composer.open();
  conversation.open();
  developer.draw();
  timer.draw();
  beside.noticeSelected();
  if (state.selected && WIDE.matches) composer.focus();
  markRead();
});
state.addEventListener("message", ({ detail: { message } }) => {
  if (message.user === state.selected) conversation.show(message);
  composer.noticeSent(message);
  chats.draw();
  markRead();
});
state.addEventListener("typing", () => {
  conversation.showTyping();
  chats.draw();
  drawHeader(state);
});
state.addEventListener("users", () => {
  chats.draw();
  drawHeader(state);
  timer.draw();
});
state.addEventListener("clock", () => {
  timer.draw();
  chats.draw();
  conversation.noticeTime();
});
state.addEventListener("connected", () => {
  drawHeader(state);
  conversation.showTyping();
});
state.addEventListener("handshake", () => drawHeader(state));
state.addEventListener("log", () => developer.draw());
state.addEventListener("error", ({ detail }) => toast(detail));

addEventListener("hashchange", () => state.select(chatInAddress()));
document.addEventListener("visibilitychange", markRead);
document.querySelector("#new-user").addEventListener("click", addPerson);

for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
const languageSwitch = document.querySelector("#language");
languageSwitch.append(...languages.map((tag) => el("option", { value: tag, text: tag.toUpperCase() })));
languageSwitch.value = currentLanguage();
languageSwitch.addEventListener("change", () => {
  setLanguage(languageSwitch.value);
  drawAll();
});
// Another window, or the page around this frame, now speaks another language.
addEventListener("storage", () => {
  followLanguage();
  languageSwitch.value = currentLanguage();
  drawAll();
});

translate(document);
connection.open();

function drawAll() {
  translate(document);
  chats.draw();
  drawHeader(state);
  conversation.redraw();
  composer.redraw();
  developer.draw();
  timer.draw();
  beside.redraw();
}

/** The chat named in the page's address, so that the browser's own Back leads to the list of chats. */
function chatInAddress() {
  const { href, hash } = location;
  return [...state.users.keys()].find((key) => new URL(`#${key}`, href).hash === hash) ?? "";
}

/** At first, the chat in the address; else the first one where it is wanted: beside the list, or alone. */
function chooseChat() {
  const [first] = state.users.keys();
  if (!chatInAddress() && first && (WIDE.matches || state.users.size === 1))
    history.replaceState(null, "", `#${first}`);
  state.select(chatInAddress());
}

/** Whoever has the chat open reads it. */
function markRead() {
  if (document.visibilityState === "visible" && state.unread(state.selected) > 0) commands.read();
}

function addPerson() {
  openDialog(t("newUser"), (close) => [
    el("p", { class: "dialog__hint", text: t("newUserHint") }),
    form(
      close,
      [
        field(t("name"), { name: "name", required: true }),
        field(t("phone"), {
          name: "phone",
          type: "tel",
          required: true,
          pattern: ".*\\d.*",
          placeholder: "+54 11 5555-0101",
        }),
      ],
      t("add"),
      ({ name, phone }) => {
        const sent = commands.addPerson(phone, name);
        if (sent) openOnceThere(phone.replace(/\D/g, ""));
        return sent;
      },
    ),
  ]);
}

/** Open the chat of a person who was just added; not when the simulator refuses them or goes away. */
function openOnceThere(phone) {
  const waiting = new AbortController();
  const open = () => {
    const added = [...state.users.values()].find((user) => user.phone === phone);
    if (!added) return;
    waiting.abort();
    location.hash = added.key;
  };
  state.addEventListener("users", open, { signal: waiting.signal });
  for (const end of ["error", "connected"])
    state.addEventListener(end, () => waiting.abort(), { signal: waiting.signal });
  open(); // somebody who is there already is not announced again
}
