/** What can be attached to a chat: files, places, contacts. */

import { field, form, openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { fileSize, t } from "./i18n.js";
import { stickerOf } from "./sticker.js";

/** The club of the sample bot, in Buenos Aires. */
const CLUB = { name: "Club", address: "Buenos Aires", latitude: -34.603, longitude: -58.381 };
const STICKER = "image/webp";

export class Sharing {
  #commands;
  #fail;

  /** @param {(text: string) => void} fail tells the person what went wrong */
  constructor(commands, fail) {
    this.#commands = commands;
    this.#fail = fail;
  }

  /** The items of the attach menu; `text` is a key of texts.js. */
  get items() {
    return [
      { icon: "photo", text: "media", act: (replyTo) => this.#pick("image/*,video/*", false, replyTo) },
      { icon: "document", text: "document", act: (replyTo) => this.#pick("", true, replyTo) },
      { icon: "audio", text: "audio", act: (replyTo) => this.#pick("audio/*", false, replyTo) },
      { icon: "sticker", text: "sticker", act: (replyTo) => this.#pickSticker(replyTo) },
      { icon: "location", text: "location", act: (replyTo) => this.location(replyTo) },
      { icon: "contact", text: "contact", act: (replyTo) => this.contact(replyTo) },
    ];
  }

  location(replyTo) {
    openDialog(t("sendLocation"), (close) => [
      form(
        close,
        [
          field(t("name"), { name: "name", value: CLUB.name }),
          field(t("address"), { name: "address", value: CLUB.address }),
          field(t("latitude"), {
            name: "latitude",
            value: CLUB.latitude,
            type: "number",
            min: -90,
            max: 90,
            step: "any",
            required: true,
          }),
          field(t("longitude"), {
            name: "longitude",
            value: CLUB.longitude,
            type: "number",
            min: -180,
            max: 180,
            step: "any",
            required: true,
          }),
        ],
        t("send"),
        ({ latitude, longitude, ...words }) =>
          this.#commands.location(
            { latitude: Number(latitude), longitude: Number(longitude), ...words },
            replyTo,
          ),
      ),
    ]);
  }

  contact(replyTo) {
    openDialog(t("shareContact"), (close) => [
      form(
        close,
        [
          field(t("name"), { name: "name", required: true }),
          field(t("phone"), { name: "phone", type: "tel", required: true, placeholder: "+54 11 5555-0100" }),
        ],
        t("send"),
        ({ name, phone }) => {
          const contact = {
            name: { formatted_name: name, first_name: name },
            phones: [{ phone, wa_id: phone.replace(/\D/g, ""), type: "CELL" }],
          };
          return this.#commands.contacts([contact], replyTo);
        },
      ),
    ]);
  }

  /** Send a voice message; whether it is on its way. */
  async voice(recording, replyTo) {
    const file = new File([recording], "voice.ogg", { type: recording.type });
    return this.#upload(file, (media) => this.#commands.voice(media, replyTo));
  }

  #pick(accept, asDocument, replyTo) {
    choose(accept, (file) => this.#preview(file, asDocument ? "document" : kindOf(file.type), replyTo));
  }

  #pickSticker(replyTo) {
    choose("image/*", async (file) => {
      try {
        this.#preview(await stickerOf(file), "sticker", replyTo);
      } catch {
        this.#fail(t("notAPicture"));
      }
    });
  }

  #preview(file, kind, replyTo) {
    const isPicture = kind === "image" || kind === "sticker";
    const shown = isPicture || kind === "video";
    const url = shown ? URL.createObjectURL(file) : "";
    const dialog = openDialog(t(kind), (close) => [
      el(
        "div",
        { class: "preview" },
        isPicture && el("img", { src: url, alt: file.name }),
        kind === "video" && el("video", { src: url, controls: true }),
        el("p", {}, !shown && icon(kind), el("span", { text: `${file.name} · ${fileSize(file.size)}` })),
      ),
      form(
        close,
        ["image", "video", "document"].includes(kind) ? [field(t("caption"), { name: "caption" })] : [],
        t("send"),
        ({ caption }) => this.#send(file, kind, caption, replyTo),
      ),
    ]);
    if (shown) dialog.addEventListener("close", () => URL.revokeObjectURL(url));
  }

  #send(file, kind, caption, replyTo) {
    return this.#upload(file, (media) => this.#commands.media(media, kind, caption, file.name, replyTo));
  }

  async #upload(file, send) {
    try {
      return send(await this.#commands.upload(file));
    } catch (problem) {
      this.#fail(t("uploadFailed", { reason: problem.message }));
      return false;
    }
  }
}

function choose(accept, take) {
  const input = el("input", { type: "file", accept });
  input.addEventListener("change", () => take(input.files[0]));
  input.click();
}

function kindOf(mimeType) {
  if (mimeType === STICKER) return "sticker";
  const kind = mimeType.split("/")[0];
  return ["image", "video", "audio"].includes(kind) ? kind : "document";
}
