/**
 * Recording what a person says. WhatsApp's voice messages are Opus in Ogg; Firefox records just that, other
 * browsers put the same Opus into WebM, from where it is moved without being encoded again.
 */

import { oggOf } from "./ogg.js";
import { opusIn } from "./webm.js";

const OGG = "audio/ogg;codecs=opus";
const WEBM = "audio/webm;codecs=opus";
const BITS_PER_SECOND = 32_000;

export class Recorder {
  #recorder;
  #chunks = [];

  /** Ask for the microphone, and begin. Raises a DOMException when there is none, or when it is refused. */
  static async begin() {
    const type = [OGG, WEBM].find((each) => MediaRecorder.isTypeSupported(each));
    if (!type) throw new DOMException("This browser records no Opus.", "NotSupportedError");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    return new Recorder(new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND }));
  }

  constructor(recorder) {
    this.#recorder = recorder;
    recorder.addEventListener("dataavailable", ({ data }) => this.#chunks.push(data));
    recorder.start();
  }

  /** Stop, and let go of the microphone. The recording as an Ogg file; null when nothing was heard yet. */
  async end() {
    const stopped = new Promise((resolve) =>
      this.#recorder.addEventListener("stop", resolve, { once: true }),
    );
    this.#recorder.stop();
    for (const track of this.#recorder.stream.getTracks()) track.stop();
    await stopped;
    const recorded = new Blob(this.#chunks);
    if (recorded.size === 0) return null;
    if (this.#recorder.mimeType.startsWith("audio/ogg")) return new Blob([recorded], { type: OGG });
    const { head, packets } = opusIn(new Uint8Array(await recorded.arrayBuffer()));
    return packets.length > 0 ? oggOf(head, packets) : null;
  }
}
