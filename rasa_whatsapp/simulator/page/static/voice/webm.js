/** The Opus packets in a WebM file as browsers record them. Source: RFC 8794 (EBML), RFC 9559 (Matroska). */

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const [TRACKS, TRACK, GROUP] = [0x1654ae6b, 0xae, 0xa0];
/** Elements that hold others; one of them may be of unknown length, so they are entered, never skipped. */
const HOLDERS = new Set([SEGMENT, CLUSTER, TRACKS, TRACK, GROUP]);
const CODEC_PRIVATE = 0x63a2;
const BLOCKS = new Set([0xa3, 0xa1]);

/** @returns {{head: Uint8Array | null, packets: Uint8Array[]}} the packet "OpusHead", and the sound */
export function opusIn(bytes) {
  const packets = [];
  let head = null;
  let at = 0;
  while (at < bytes.length) {
    const id = number(bytes, at, true);
    const size = number(bytes, at + id.length, false);
    at += id.length + size.length;
    if (HOLDERS.has(id.value)) continue;
    const content = bytes.subarray(at, at + size.value);
    if (id.value === CODEC_PRIVATE) head = content;
    // Before the packet stand the track's number, two bytes of time and one of flags.
    if (BLOCKS.has(id.value)) packets.push(content.subarray(number(content, 0, false).length + 3));
    at += size.value;
  }
  return { head, packets };
}

/** A number whose first byte says how long it is; an id keeps that mark. */
function number(bytes, at, isId) {
  const first = bytes[at];
  const length = Math.clz32(first) - 23;
  let value = isId ? first : first & (0xff >> length);
  for (let index = 1; index < length; index += 1) value = value * 256 + bytes[at + index];
  return { value, length };
}
