/** Markdown as Flows know it: headings, lists, tables, bold, italic, struck, links. Text stays text. */

import { el, link } from "../dom.js";

const INLINE = /\*\*(.+?)\*\*|~~(.+?)~~|(?<![\w*])[*_](.+?)[*_](?![\w*])|\[([^\]]+)\]\(([^)\s]+)\)/;

/** @param {string|string[]} text lines, or one text of several */
export function markdown(text) {
  const lines = (Array.isArray(text) ? text : [text]).flatMap((part) => String(part ?? "").split("\n"));
  const blocks = [];
  while (lines.length > 0) blocks.push(block(lines));
  return el("div", { class: "flow-text text" }, ...blocks.filter(Boolean));
}

/** Bold, italic, struck and links within a line. */
export function inline(text) {
  const found = INLINE.exec(text);
  if (!found) return [document.createTextNode(text)];
  const [whole, bold, struck, italic, title, url] = found;
  const node = bold
    ? el("strong", {}, ...inline(bold))
    : struck
      ? el("s", {}, ...inline(struck))
      : italic
        ? el("em", {}, ...inline(italic))
        : link(url, title);
  const before = text.slice(0, found.index);
  return [
    ...(before ? [document.createTextNode(before)] : []),
    node,
    ...inline(text.slice(found.index + whole.length)),
  ];
}

function block(lines) {
  const line = lines.shift();
  const heading = /^(#{1,2}) (.*)/.exec(line);
  if (heading) return el(heading[1].length === 1 ? "h3" : "h4", {}, ...inline(heading[2]));
  if (!line.trim()) return null;
  for (const [tag, mark] of [
    ["ul", /^\s*[-+*] (.*)/],
    ["ol", /^\s*\d+\. (.*)/],
  ]) {
    if (!mark.test(line)) continue;
    const items = [line];
    while (lines.length > 0 && mark.test(lines[0])) items.push(lines.shift());
    return el(tag, {}, ...items.map((item) => el("li", {}, ...inline(mark.exec(item)[1]))));
  }
  if (line.startsWith("|")) {
    const rows = [line];
    while (lines[0]?.startsWith("|")) rows.push(lines.shift());
    return table(rows);
  }
  return el("p", {}, ...inline(line));
}

function table(rows) {
  const cells = rows
    .map((row) => row.replace(/^\||\|\s*$/g, "").split("|"))
    .filter((row) => !row.every((cell) => /^\s*:?-+:?\s*$/.test(cell)));
  const [head, ...body] = cells;
  const line = (tag) => (row) => el("tr", {}, ...row.map((cell) => el(tag, {}, ...inline(cell.trim()))));
  return el("table", {}, el("thead", {}, line("th")(head)), el("tbody", {}, ...body.map(line("td"))));
}
