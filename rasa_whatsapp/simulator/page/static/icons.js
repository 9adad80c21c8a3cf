/** Line icons on a 24 by 24 grid, drawn for this page. */

const NS = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4",
  attach: "M12 5v14M5 12h14",
  smile: "M12 20.5a8.5 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM8.500 14.500a4.200 4.200 0 0 0 7 0M9.200 9.500h.01M14.800 9.500h.01",
  close: "M6 6l12 12M18 6L6 18",
  more: "M6 9.5l6 6 6-6",
  code: "M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5",
  down: "M12 5v13M6 12.5l6 6 6-6",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-3.6 4-5 7.5-5s6.5 1.4 7.5 5",
  addPerson:
    "M10 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM3 19.5c.8-3.2 3.5-4.7 7-4.7 2.3 0 4.2.6 5.5 2M18.5 9v6M15.5 12h6",
  bot: "M6 9.5h12a1.5 1.5 0 0 1 1.5 1.5v6.5A1.5 1.5 0 0 1 18 19H6a1.5 1.5 0 0 1-1.5-1.5V11A1.5 1.5 0 0 1 6 9.5zM12 9.5V5.5M9.3 13.2v1.6M14.7 13.2v1.6M12 5.5a.9.9 0 1 0 0-1.8.9.9 0 0 0 0 1.8z",
  photo: "M4.5 5.5h15v13h-15zM4.5 16l4.5-4.5 4 4 2.5-2.5 4 4M15.5 9.8a.8.8 0 1 0 0-1.6.8.8 0 0 0 0 1.6z",
  video: "M4 6.5h11v11H4zM15 10.5l5-3v9l-5-3z",
  document: "M6.5 3.5h7.5l4 4V20.5h-11.5zM14 3.5v4h4M9.5 12.5h5.5M9.5 16h5.5",
  audio:
    "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  sticker: "M5 4.5h14v9.5l-5.5 5.5H5zM13.5 19.5V14H19",
  location:
    "M12 21s6.5-6.2 6.5-11.2a6.5 6.5 0 0 0-13 0C5.5 14.8 12 21 12 21zM12 12.3a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  contact:
    "M5 4.5h14v15H5zM12 11.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM8 16.5c.6-1.8 2.2-2.6 4-2.6s3.4.8 4 2.6",
  list: "M9 7h11M9 12h11M9 17h11M4.5 7h.01M4.5 12h.01M4.5 17h.01",
  open: "M13.5 5H19v5.5M19 5l-8.5 8.5M16.5 13.5V19h-11.5V7.5h5.5",
  reply: "M9.5 6.5L4 12l5.5 5.5M4 12h9a6.5 6.5 0 0 1 6.5 6.5",
  forward: "M14.5 6.500L20 12l-5.500 5.500M20 12h-9a6.500 6.500 0 0 0-6.500 6.500",
  forwardedOften:
    "M8.500 6.500L14 12l-5.500 5.500M14.500 6.500L20 12l-5.500 5.500M14 12H9.500A6 6 0 0 0 3.500 17",
  copy: "M9 9h10.5v10.5H9zM6 15H4.5V4.5H15V6",
  replay: "M5 12a7 7 0 1 0 2.2-5.100M5 4.500v4.500h4.500",
  columns: "M4 5h16v14H4zM12 5v14",
  storm: "M13 3.500L6 13.500h5L10 20.500l7.500-10.500h-5.500z",
  lock: "M6.500 11h11v8.500h-11zM9 11V8a3 3 0 0 1 6 0v3",
  edit: "M5 19l.8-3.800L15.500 5.500l3 3L8.800 18.200zM13.500 7.500l3 3",
  download: "M12 4.500v10.500M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14",
  bin: "M5 7h14M9.500 7V4.500h5V7M7 7l.8 12.500h8.400L17 7M10.300 10.500v5.500M13.700 10.500v5.500",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 6v12M15.5 6v12",
  coin: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 7.5v9M14.5 9.5c-.6-.9-4.800-1.200-4.800.8 0 2.200 5 1.200 5 3.500 0 2-4.400 1.900-5.200.7",
  alert: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 16h.01",
  clock: "M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM12 8v4.3l2.8 1.7",
  tick: "M6.5 12.8l4 4L18 7.5",
  ticks: "M2.5 12.8l4 4L14 7.5M10.8 15l1.7 1.8L20.5 7.5",
  form: "M5 4.5h14v15H5zM8.5 9h7M8.5 12.500h7M8.500 16h4",
  cart: "M3.5 5h2.2l2 10h9.8l2-7.5H6.3M9 19.3a.8.8 0 1 0 0-1.6.8.8 0 0 0 0 1.6zM16.5 19.3a.8.8 0 1 0 0-1.6.8.8 0 0 0 0 1.6z",
  phone:
    "M6 4.5h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a1.8 1.8 0 0 1-2 1.8C10.600 19.300 4.700 13.400 4.200 6.500A1.800 1.800 0 0 1 6 4.500z",
  template: "M4.5 5h15v4h-15zM4.5 12.5h8.5v6.5H4.5zM16.5 12.5h3M16.5 15.7h3M16.5 19h3",
};

/** An icon; decorative unless a label is given. */
export function icon(name, label = "") {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(document.createElementNS(NS, "path"));
  setIcon(svg, name, label);
  return svg;
}

/** Change an icon in place, so that a live region does not read it as something new. */
export function setIcon(svg, name, label = "") {
  svg.setAttribute("class", `icon icon--${name}`);
  svg.firstChild.setAttribute("d", PATHS[name]);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    svg.removeAttribute("aria-hidden");
  } else {
    svg.setAttribute("aria-hidden", "true");
    svg.removeAttribute("aria-label");
    svg.removeAttribute("role");
  }
}
