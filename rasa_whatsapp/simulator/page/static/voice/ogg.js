/**
 * Opus packets in an Ogg file, as voice messages are. Sources: RFC 3533 (pages), RFC 7845 (Opus in Ogg),
 * RFC 6716 §3.1 (how long a packet lasts).
 */

const SAMPLES_PER_MS = 48;
const MOST_SEGMENTS = 255;
const PACKETS_PER_PAGE = 50;
const [BEGINS, ENDS] = [0x02, 0x04];

/** @param {Uint8Array} head the packet "OpusHead"  @param {Uint8Array[]} packets */
export function oggOf(head, packets) {
  const serial = crypto.getRandomValues(new Uint32Array(1))[0];
  const pages = [page(serial, 0, BEGINS, 0n, [head]), page(serial, 1, 0, 0n, [tags()])];
  let position = 0n;
  for (let at = 0; at < packets.length;) {
    const group = [];
    let segments = 0;
    while (at < packets.length && group.length < PACKETS_PER_PAGE) {
      segments += segmentsOf(packets[at]);
      if (group.length > 0 && segments > MOST_SEGMENTS) break;
      position += BigInt(samplesIn(packets[at]));
      group.push(packets[at++]);
    }
    pages.push(page(serial, pages.length, at === packets.length ? ENDS : 0, position, group));
  }
  return new Blob(pages, { type: "audio/ogg; codecs=opus" });
}

function tags() {
  const vendor = new TextEncoder().encode("rasa_whatsapp");
  const bytes = new Uint8Array(16 + vendor.length); // the number of comments, the last four, stays 0
  bytes.set(new TextEncoder().encode("OpusTags"));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

function segmentsOf(packet) {
  return Math.floor(packet.length / 255) + 1;
}

/** At 48 kHz, which is Opus's own measure whatever was recorded. */
function samplesIn(packet) {
  const [toc, counted = 0] = packet;
  const config = toc >> 3;
  const frame =
    config < 12
      ? [10, 20, 40, 60][config & 3]
      : config < 16
        ? [10, 20][config & 1]
        : [2.5, 5, 10, 20][config & 3];
  const frames = [1, 2, 2, counted & 0x3f][toc & 3];
  return frame * frames * SAMPLES_PER_MS;
}

function page(serial, number, flags, position, packets) {
  const lacing = packets.flatMap((packet) => [
    ...Array(segmentsOf(packet) - 1).fill(255),
    packet.length % 255,
  ]);
  const size = packets.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(27 + lacing.length + size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("OggS"));
  bytes[5] = flags;
  view.setBigUint64(6, position, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  bytes[26] = lacing.length;
  bytes.set(lacing, 27);
  let at = 27 + lacing.length;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

function checksum(bytes) {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ TABLE[((sum >>> 24) ^ byte) & 0xff]) >>> 0;
  return sum;
}
