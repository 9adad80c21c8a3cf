/**
 * Everything a person can do, as commands to the simulator. Each says whether it was sent; one that a
 * person gave, and that could not be, is reported to them.
 */

import { t } from "./i18n.js";

export class Commands {
  #connection;
  #state;
  #fail;

  /** @param {(text: string) => void} fail tells the person what went wrong */
  constructor(connection, state, fail) {
    this.#connection = connection;
    this.#state = state;
    this.#fail = fail;
  }

  text(text, replyTo) {
    return this.#send("text", { text, reply_to: replyTo });
  }

  tap(message, id) {
    return this.#send("tap", { message, id });
  }

  media(media, kind, caption, filename, replyTo) {
    return this.#send("media", { media, kind, caption, filename, reply_to: replyTo });
  }

  voice(media, replyTo) {
    return this.#send("media", { media, kind: "audio", voice: true, reply_to: replyTo });
  }

  forward(message, often) {
    return this.#send("forward", { message, often });
  }

  location(place, replyTo) {
    return this.#send("location", { ...place, reply_to: replyTo });
  }

  contacts(contacts, replyTo) {
    return this.#send("contacts", { contacts, reply_to: replyTo });
  }

  order(catalog, items, text, replyTo) {
    return this.#send("order", { catalog, items, text, reply_to: replyTo });
  }

  address(values, replyTo) {
    return this.#send("address", { values, reply_to: replyTo });
  }

  allowCalls(allowed, replyTo) {
    return this.#send("calls", { allowed, reply_to: replyTo });
  }

  react(message, emoji) {
    return this.#send("reaction", { message, emoji });
  }

  /** Nobody asks for this one, so nobody is told when there is no connection. */
  read() {
    return this.#connection.send({ do: "read", user: this.#state.selected });
  }

  /** Move the simulator's time ahead. */
  advance(hours) {
    return this.#give({ do: "advance", hours });
  }

  addPerson(phone, name) {
    return this.#give({ do: "user", phone, name });
  }

  changeNumber(phone) {
    return this.#send("number", { phone });
  }

  comeByAd(text, headline) {
    return this.#send("ad", { text, headline });
  }

  stopMarketing(stopped) {
    return this.#send("marketing", { stopped });
  }

  /** Where the person's Flows are opened. */
  get flows() {
    return `/control/users/${encodeURIComponent(this.#state.selected)}/flows`;
  }

  /** Bring a file to the simulator; its media id. Raises an Error that says why it was refused. */
  async upload(file) {
    const form = new FormData();
    form.append("file", file);
    const path = `/control/users/${encodeURIComponent(this.#state.selected)}/media`;
    const response = await fetch(path, { method: "POST", body: form });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()).id;
  }

  #send(command, values = {}) {
    return this.#give({ do: command, user: this.#state.selected, ...values });
  }

  #give(command) {
    const sent = this.#connection.send(command);
    if (!sent) this.#fail(t("notConnected"));
    return sent;
  }
}
