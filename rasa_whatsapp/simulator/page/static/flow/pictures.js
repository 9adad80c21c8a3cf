/** Pictures of a Flow's screen, which are part of its JSON. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

const SIGNS = { iVBOR: "png", "/9j/": "jpeg", UklGR: "webp", R0lGO: "gif" };

export const PICTURES = {
  Image: ({
    src,
    width,
    height,
    "scale-type": scale = "contain",
    "aspect-ratio": ratio,
    "alt-text": alt = "",
  }) => {
    const node = el("img", { class: `flow-image flow-image--${scale}`, src: picture(src), alt });
    if (width) node.style.width = `${Number(width)}px`;
    if (height) node.style.height = `${Number(height)}px`;
    if (ratio && !height) node.style.aspectRatio = String(Number(ratio) || 1);
    return node;
  },
  ImageCarousel: ({ images, "scale-type": scale = "contain", "aspect-ratio": ratio = "4:3" }) => {
    const box = el(
      "div",
      { class: "flow-carousel", role: "group", tabindex: "0", "aria-label": t("cards") },
      ...images.map((image) =>
        el("img", { class: `flow-image--${scale}`, src: picture(image.src), alt: image["alt-text"] }),
      ),
    );
    for (const node of box.children) node.style.aspectRatio = ratio.replace(":", " / ");
    return box;
  },
};

/** The address of a picture that is given in base64; nothing else is a picture. */
export function picture(base64 = "") {
  const bare = String(base64).replace(/^data:image\/\w+;base64,/, "");
  const kind = Object.entries(SIGNS).find(([sign]) => bare.startsWith(sign))?.[1] ?? "png";
  return `data:image/${kind};base64,${bare}`;
}
