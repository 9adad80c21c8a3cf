/** The bar in the composer's place while a voice message is recorded: throw it away, or send it. */

import { t } from "../i18n.js";
import { Recorder } from "./recorder.js";

export class VoiceBar {
  #form;
  #record;
  #time;
  #send;
  #deliver;
  #fail;
  #recorder = null;
  /** The question for the microphone that is not answered yet; it is another one after each. */
  #asked = null;
  #ticking = 0;

  /**
   * @param {(recording: Blob) => Promise<boolean>} deliver sends it to the bot
   * @param {(text: string) => void} fail tells the person what went wrong
   */
  constructor(root, deliver, fail) {
    this.#form = root.querySelector("#composer");
    this.#record = root.querySelector("#record");
    this.#time = root.querySelector("#recorded");
    this.#send = root.querySelector("#voice-send");
    this.#deliver = deliver;
    this.#fail = fail;
    this.#record.addEventListener("click", () => this.#begin());
    this.#send.addEventListener("click", () => this.#finish(true));
    root.querySelector("#voice-discard").addEventListener("click", () => this.#finish(false));
    this.#form.addEventListener("keydown", ({ key }) => key === "Escape" && this.#finish(false));
  }

  /** Another chat was opened: what was being said is not for it. */
  discard() {
    this.#finish(false);
  }

  async #begin() {
    if (this.#recorder || this.#asked) return;
    const asked = Symbol("asked");
    this.#asked = asked;
    let recorder;
    try {
      recorder = await Recorder.begin();
    } catch (problem) {
      if (this.#asked !== asked) return;
      this.#asked = null;
      const supported = problem.name !== "NotSupportedError";
      this.#fail(t(supported ? "noMicrophone" : "noRecorder"));
      return;
    }
    // The browser may ask the person for long; who has left the chat meanwhile is not recorded elsewhere.
    if (this.#asked !== asked) {
      await recorder.end();
      return;
    }
    this.#asked = null;
    this.#recorder = recorder;
    const began = Date.now();
    const show = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      this.#time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    show();
    this.#ticking = setInterval(show, 250);
    this.#form.classList.add("composer--recording");
    this.#send.focus();
  }

  async #finish(send) {
    this.#asked = null;
    if (!this.#recorder) return;
    const recorder = this.#recorder;
    this.#recorder = null;
    clearInterval(this.#ticking);
    const recording = await recorder.end();
    if (send && recording) await this.#deliver(recording);
    this.#form.classList.remove("composer--recording");
    if (this.#form.contains(document.activeElement) || document.activeElement === document.body)
      this.#record.focus();
  }
}
