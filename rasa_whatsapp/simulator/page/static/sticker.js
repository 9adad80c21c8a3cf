/** Any picture as a sticker, the way a phone makes one: WebP, 512 pixels square, the rest see-through. */

const SIDE = 512;

export async function stickerOf(file) {
  if (file.type === "image/webp") return file;
  const picture = await createImageBitmap(file);
  const scale = SIDE / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  canvas.getContext("2d").drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  const data = await canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
  return new File([data], `${file.name.replace(/\.\w+$/, "")}.webp`, { type: "image/webp" });
}
