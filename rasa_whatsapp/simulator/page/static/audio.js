/** A small player for sounds and voice messages. */

import { el } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { t } from "./i18n.js";

/** The only sound that is heard; another one takes its place. */
let playing = null;

/** Stop what is heard: its player is about to go. */
export function silence() {
  playing?.pause();
}

export function player(src, isVoice) {
  const sound = new Audio(src);
  sound.preload = "metadata";
  const sign = icon("play");
  const button = el("button", { type: "button", class: "player__button", "aria-label": t("play") }, sign);
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 100,
    step: "any",
    value: 0,
    "aria-label": t("position"),
  });
  const time = el("span", { class: "player__time", text: "0:00" });
  const label = isVoice ? t("voice") : t("audio");
  const node = el(
    "div",
    { class: "player", role: "group", "aria-label": label },
    button,
    slider,
    el("span", { class: "player__sign" }, icon("audio")),
    time,
  );

  const show = () => {
    const { currentTime, duration, paused } = sound;
    const known = Number.isFinite(duration) && duration > 0;
    setIcon(sign, paused ? "play" : "pause");
    button.setAttribute("aria-label", t(paused ? "play" : "pause"));
    slider.value = known ? (currentTime / duration) * 100 : 0;
    slider.style.setProperty("--played", `${slider.value}%`);
    time.textContent = minutes(currentTime || (known ? duration : 0));
  };
  for (const event of ["loadedmetadata", "timeupdate", "play", "pause", "ended"])
    sound.addEventListener(event, show);
  sound.addEventListener("play", () => {
    if (playing !== sound) silence();
    playing = sound;
  });
  sound.addEventListener("error", () => {
    button.disabled = true;
    slider.disabled = true;
    time.textContent = t("mediaMissing");
  });
  button.addEventListener("click", () => (sound.paused ? sound.play() : sound.pause()));
  slider.addEventListener("input", () => {
    if (Number.isFinite(sound.duration)) sound.currentTime = (slider.value / 100) * sound.duration;
  });
  return node;
}

function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
