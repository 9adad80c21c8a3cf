/**
 * The WebSocket to the simulator. It connects again by itself, and says so:
 * events "open", "close" and "packet" (`detail` is the decoded JSON object).
 */

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4000;

export class Connection extends EventTarget {
  #url;
  #socket = null;
  #delay = FIRST_DELAY_MS;

  constructor(path) {
    super();
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#url = url;
  }

  open() {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#delay = FIRST_DELAY_MS;
      this.dispatchEvent(new Event("open"));
    });
    socket.addEventListener("message", ({ data }) => {
      for (const packet of JSON.parse(data)) this.dispatchEvent(new CustomEvent("packet", { detail: packet }));
    });
    socket.addEventListener("close", () => {
      this.dispatchEvent(new Event("close"));
      setTimeout(() => this.open(), this.#delay);
      this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS);
    });
  }

  /** Send a command. False while there is no connection: nothing is queued, so nothing is said twice. */
  send(command) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(command));
    return true;
  }
}
