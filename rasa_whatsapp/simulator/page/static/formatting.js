/**
 * WhatsApp's text formatting as DOM nodes: *bold*, _italic_, ~strike~, `code`, ```mono```, lists,
 * quotes and links. A mark counts only at the edge of a word and never across lines, as on a phone.
 */

import { el, link } from "./dom.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const URL_AT = /(?:https?:\/\/|www\.)[^\s<>"]+/iuy;
const TRAILING = /[.,;:!?'"*_~)\]}»]$/u;
const BRACKETS = { ")": "(", "]": "[", "}": "{" };
const BLOCK = /```([\s\S]+?)```/g;
const BULLET = /^[*-] (.+)$/;
const NUMBERED = /^(\d{1,3})\. (.+)$/;
const QUOTE = /^> ?(.+)$/;
/** One emoji as keyboards write it; ©, ™ and their like are ordinary characters without U+FE0F. */
const EMOJI = /^\p{RGI_Emoji}$/v;
const BIG_EMOJI = 3;

/** A whole message text: paragraphs, lists, quotes and monospaced blocks. */
export function rich(text) {
  const root = el("div", { class: "text" });
  let end = 0;
  for (const match of text.matchAll(BLOCK)) {
    root.append(...lines(afterBlock(text.slice(end, match.index), end)));
    root.append(el("pre", { class: "mono", text: match[1].replace(/^\n|\n$/g, "") }));
    end = match.index + match[0].length;
  }
  root.append(...lines(afterBlock(text.slice(end), end)));
  return root;
}

/** One line for previews: the same text without its marks. */
export function plain(text) {
  const holder = el("span", {}, ...inline(text.replaceAll("```", "").replace(/\s+/g, " ")));
  return holder.textContent;
}

/** How many emoji the text consists of, or 0 when it holds anything else or more than three. */
export function emojiOnly(text) {
  const parts = [
    ...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.replace(/\s/g, "")),
  ];
  if (parts.length === 0 || parts.length > BIG_EMOJI) return 0;
  return parts.every(({ segment }) => EMOJI.test(segment)) ? parts.length : 0;
}

/** A block ends its own line, so the line break behind it is not another one. */
function afterBlock(text, blockEnd) {
  return blockEnd > 0 ? text.replace(/^\n/, "") : text;
}

function lines(text) {
  if (!text.trim()) return [];
  const blocks = [];
  let open = null;
  const add = (tag, line, child) => {
    if (open?.tag !== tag) {
      open = { tag, node: el(tag) };
      blocks.push(open.node);
    } else if (tag !== "ul" && tag !== "ol") open.node.append("\n");
    open.node.append(...(child ? [el("li", child, ...inline(line))] : inline(line)));
  };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const [bullet, numbered, quote] = [BULLET.exec(line), NUMBERED.exec(line), QUOTE.exec(line)];
    if (bullet) add("ul", bullet[1], {});
    else if (numbered) add("ol", numbered[2], { value: numbered[1] });
    else if (quote) add("blockquote", quote[1]);
    else add("p", line);
  }
  return blocks;
}

/** The marks, code and links inside one line. */
function inline(text) {
  const nodes = [];
  let plainFrom = 0;
  let at = 0;
  const take = (node, length) => {
    if (at > plainFrom) nodes.push(text.slice(plainFrom, at));
    nodes.push(node);
    at += length;
    plainFrom = at;
  };
  while (at < text.length) {
    const mark = text[at];
    const end = mark === "`" ? text.indexOf("`", at + 1) : mark in MARKS ? closing(text, at) : -1;
    const address = end < 0 && startsWord(text, at) ? addressAt(text, at) : "";
    if (end > at + 1) {
      const inner = text.slice(at + 1, end);
      const node = mark === "`" ? el("code", { text: inner }) : el(MARKS[mark], {}, ...inline(inner));
      take(node, inner.length + 2);
    } else if (address) {
      take(link(address.startsWith("http") ? address : `https://${address}`, address), address.length);
    } else at += 1;
  }
  if (at > plainFrom) nodes.push(text.slice(plainFrom, at));
  return nodes;
}

function startsWord(text, at) {
  return at === 0 || !WORD.test(text[at - 1]);
}

function closing(text, start) {
  if (!startsWord(text, start) || !/\S/.test(text[start + 1] ?? "")) return -1;
  for (let at = start + 2; at < text.length; at += 1) {
    const ends = text[at] === text[start] && /\S/.test(text[at - 1]);
    if (ends && !WORD.test(text[at + 1] ?? "")) return at;
  }
  return -1;
}

function addressAt(text, at) {
  URL_AT.lastIndex = at;
  let address = URL_AT.exec(text)?.[0] ?? "";
  while (TRAILING.test(address) && !closesItsOwn(address)) address = address.slice(0, -1);
  return address;
}

/** Whether the last character closes a bracket that was opened in the address itself. */
function closesItsOwn(address) {
  const last = address.at(-1);
  const count = (mark) => address.split(mark).length;
  return last in BRACKETS && count(BRACKETS[last]) >= count(last);
}
