/** Everything a person can do, as commands to the simulator. */

export class Commands {
  #connection;
  #state;

  constructor(connection, state) {
    this.#connection = connection;
    this.#state = state;
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

  location(place, replyTo) {
    return this.#send("location", { ...place, reply_to: replyTo });
  }

  contacts(contacts, replyTo) {
    return this.#send("contacts", { contacts, reply_to: replyTo });
  }

  react(message, emoji) {
    return this.#send("reaction", { message, emoji });
  }

  read() {
    return this.#send("read");
  }

  addPerson(phone, name) {
    return this.#connection.send({ do: "user", phone, name });
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
    return this.#connection.send({ do: command, user: this.#state.selected, ...values });
  }
}
