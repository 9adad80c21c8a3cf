/** Common emojis to choose from, by group; every other one comes from the keyboard of the system. */

import { t } from "./i18n.js";

const GROUPS = {
  emojiFaces: "😀 😂 😊 😍 😘 😉 😎 🤔 🙄 😴 😢 😭 😡 😱 🥳 🤗",
  emojiHands: "👍 👎 👌 👏 🙌 🙏 💪 👋 🤝 ✌️ 🤞 👉",
  emojiHearts: "❤️ 🧡 💛 💚 💙 💔 ✨ 🔥 🎉 💯 ✅ ❌ ❓ ⚠️",
  emojiThings: "⚽ 🎾 🏊 🏆 🎂 🍕 ☕ 🍺 🚗 🏠 📍 📅 📷 📞 💰 ☀️",
};

/** @param {(emoji: string) => void} choose */
export function emojiItems(choose) {
  return Object.entries(GROUPS).map(([heading, emojis]) => ({
    heading: t(heading),
    items: emojis.split(" ").map((text) => ({ text, act: () => choose(text) })),
  }));
}
