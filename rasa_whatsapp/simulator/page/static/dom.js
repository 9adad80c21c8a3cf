/**
 * Building elements. Text always becomes a text node, never markup: there is no way through this
 * module to turn what a person or a bot wrote into HTML.
 */

/**
 * @param {string} tag
 * @param {object} [props] `class`, `text`, `on` ({event: handler}), `data`; everything else is an
 *     attribute. `false`, `null` and `undefined` leave the attribute out, `true` sets it bare.
 * @param {...(Node|string|null|undefined|false)} children
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child || child === ""));
  return node;
}

/** Make these the children of a node, in this order. Those that stay are not touched: they keep focus and selection. */
export function showChildren(node, children) {
  const staying = new Set(children);
  for (const child of [...node.childNodes]) if (!staying.has(child)) child.remove();
  let next = node.firstChild;
  for (const child of children) {
    if (child === next) next = next.nextSibling;
    else node.insertBefore(child, next);
  }
}

/** A web address that may be followed, or "" for anything but http and https. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
  } catch {
    return "";
  }
}

/** A link that opens beside the page; plain text where the address is not http or https. */
export function link(address, ...children) {
  const href = webAddress(address);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A read-only view of any JSON value. */
export function json(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return el("pre", { class: "json", tabindex: "0", text });
}
