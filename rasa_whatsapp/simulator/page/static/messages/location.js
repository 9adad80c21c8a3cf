/** Places: a map-like drawing made up from the coordinates, and a link to the real map. */

import { el, link } from "../dom.js";
import { t } from "../i18n.js";

const NS = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [280, 140];

export function location(place) {
  const [latitude, longitude] = [Number(place.latitude), Number(place.longitude)];
  const coordinates = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  const map = link(address, drawing(latitude, longitude));
  map.className = "map";
  map.setAttribute("aria-label", `${t("openMap")}: ${place.name || coordinates}`);
  return {
    body: [
      map,
      el(
        "div",
        { class: "place" },
        place.name && el("strong", { text: place.name }),
        place.address && el("span", { text: place.address }),
        el("span", { class: "place__coordinates", text: coordinates }),
      ),
    ],
    look: "media wide",
  };
}

/** Streets, parks and a river around a pin; the same place always looks the same. */
function drawing(latitude, longitude) {
  const svg = shape("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    "aria-hidden": "true",
    preserveAspectRatio: "xMidYMid slice",
  });
  const random = sequence(Math.round(latitude * 1e4) * 31 + Math.round(longitude * 1e4));
  const town = shape("g", { transform: `rotate(${random() * 24 - 12} ${WIDTH / 2} ${HEIGHT / 2})` });
  for (let count = 0; count < 3; count += 1) {
    const [x, y] = [random() * WIDTH - 20, random() * HEIGHT - 20];
    town.append(
      shape("rect", {
        class: "map__park",
        x,
        y,
        width: 30 + random() * 50,
        height: 24 + random() * 40,
        rx: 5,
      }),
    );
  }
  const bend = () => random() * HEIGHT;
  town.append(
    shape("path", { class: "map__water", d: `M-60 ${bend()}C60 ${bend()} 140 ${bend()} 360 ${bend()}` }),
  );
  for (let x = -40 + random() * 20; x < WIDTH + 60; x += 24 + random() * 22)
    town.append(street(x, -60, x, HEIGHT + 60, random()));
  for (let y = -40 + random() * 20; y < HEIGHT + 60; y += 20 + random() * 20)
    town.append(street(-60, y, WIDTH + 60, y, random()));
  svg.append(
    shape("rect", { class: "map__land", width: WIDTH, height: HEIGHT }),
    town,
    shape("ellipse", { class: "map__shadow", cx: WIDTH / 2, cy: HEIGHT / 2 + 1, rx: 7, ry: 2.5 }),
    shape("path", {
      class: "map__pin",
      d: `M${WIDTH / 2} ${HEIGHT / 2}c-9-11-13-16-13-23a13 13 0 0 1 26 0c0 7-4 12-13 23z`,
    }),
    shape("circle", { class: "map__dot", cx: WIDTH / 2, cy: HEIGHT / 2 - 23, r: 5 }),
  );
  return svg;
}

function street(x1, y1, x2, y2, chance) {
  return shape("line", { class: chance > 0.8 ? "map__avenue" : "map__street", x1, y1, x2, y2 });
}

function shape(tag, attributes) {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** Pseudo-random numbers in [0, 1) that depend on the seed alone (mulberry32). */
function sequence(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
