/**
 * What the page knows: people, messages, who is typing, the developer's log.
 *
 * Only packets of the simulator and the choice of a chat change it; every change is announced by one
 * event: "snapshot", "users", "message" (detail: {message, isNew}), "typing", "selected", "connected",
 * "handshake", "clock", "log", "error" (detail: text). Views read from here and never from each other.
 */

import { setTime } from "./clock.js";

const LOG_LENGTH = 200;
/** As many messages as the simulator itself keeps. */
const KEPT_MESSAGES = 20_000;

export class State extends EventTarget {
  number = {};
  /** People by the key that stays theirs, whatever number they change to. */
  users = new Map();
  selected = "";
  connected = false;
  /** Seconds for which a bot may write freely; null for ever. */
  window = null;
  handshake = { done: true, problem: "", url: "" };
  /** Webhooks, Graph calls and what Flows asked, by kind and number, in order of their first appearance. */
  log = new Map();
  #messages = new Map();
  #chats = new Map();
  #typing = new Set();

  /** Take in one packet of the simulator; kinds this page does not know are left alone. */
  apply(packet) {
    switch (packet.type) {
      case "snapshot":
        return this.#snapshot(packet);
      case "message":
        return this.#message(packet.message);
      case "user":
        this.users.set(packet.user.key, packet.user);
        return this.#emit("users");
      case "typing":
        if (packet.on) this.#typing.add(packet.user);
        else this.#typing.delete(packet.user);
        return this.#emit("typing");
      case "delivery":
        this.#record("webhook", packet.delivery);
        return this.#emit("log");
      case "call":
        this.#record("graph", packet.call);
        return this.#emit("log");
      case "exchange":
        this.#record("flow", packet.exchange);
        return this.#emit("log");
      case "clock":
        setTime(packet.now);
        return this.#emit("clock");
      case "handshake":
        this.handshake = packet.handshake;
        return this.#emit("handshake");
      case "error":
        return this.#emit("error", packet.text);
    }
  }

  select(key) {
    if (key === this.selected) return;
    this.selected = key;
    this.#emit("selected");
  }

  connect(connected) {
    this.connected = connected;
    if (!connected) this.#typing.clear();
    this.#emit("connected");
  }

  message(id) {
    return this.#messages.get(id);
  }

  /** The messages of one chat, oldest first. */
  chat(key) {
    return this.#chats.get(key) ?? [];
  }

  isTyping(key) {
    return this.#typing.has(key);
  }

  /** How many messages of the bot this person has not seen. */
  unread(key) {
    return this.chat(key).filter(isUnread).length;
  }

  forgetLog() {
    this.log.clear();
    this.#emit("log");
  }

  #snapshot({ users, messages, typing, number, now, window, handshake, deliveries, calls, exchanges }) {
    setTime(now);
    this.window = window;
    this.number = number;
    this.handshake = handshake;
    this.users = new Map(users.map((user) => [user.key, user]));
    this.#messages = new Map();
    this.#chats = new Map();
    for (const message of messages) this.#keep(message);
    this.#typing = new Set(typing);
    this.log.clear();
    const entries = [
      ...deliveries.map((entry) => ["webhook", entry]),
      ...calls.map((entry) => ["graph", entry]),
      ...exchanges.map((entry) => ["flow", entry]),
    ];
    entries.sort(([, one], [, other]) => one.at - other.at);
    for (const [kind, entry] of entries) this.#record(kind, entry);
    this.#emit("snapshot");
  }

  #message(message) {
    const isNew = !this.#messages.has(message.id);
    this.#keep(message);
    if (message.from === "bot" && isNew) this.#typing.delete(message.user);
    this.#emit("message", { message, isNew });
  }

  #keep(message) {
    const chat = this.#chats.get(message.user) ?? [];
    this.#chats.set(message.user, chat);
    const known = this.#messages.get(message.id);
    this.#messages.set(message.id, message);
    if (known) {
      chat[chat.indexOf(known)] = message;
      return;
    }
    let place = chat.length;
    while (place > 0 && chat[place - 1].at > message.at) place -= 1;
    chat.splice(place, 0, message);
    if (this.#messages.size > KEPT_MESSAGES) this.#forgetOldest();
  }

  #forgetOldest() {
    const [id, { user }] = this.#messages.entries().next().value;
    this.#messages.delete(id);
    const chat = this.#chats.get(user);
    chat.splice(
      chat.findIndex((message) => message.id === id),
      1,
    );
  }

  #record(kind, entry) {
    this.log.set(`${kind} ${entry.id}`, { kind, ...entry });
    if (this.log.size > LOG_LENGTH) this.log.delete(this.log.keys().next().value);
  }

  #emit(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function isUnread(message) {
  return message.from === "bot" && message.status !== "read" && message.status !== "failed";
}
