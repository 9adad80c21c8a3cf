/**
 * What stands in a Flow's JSON for a value: ${data.x}, ${form.x}, ${screen.S.form.x}, and expressions
 * between backticks with the operators of Flow JSON 6.0. Nothing here is ever run as a script.
 */

const REFERENCE = /^\$\{([^{}]+)\}$/;
const TOKEN =
  /\s*(?:(\$\{[^{}]+\})|('(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|(true|false)\b|(==|!=|<=|>=|&&|\|\||[<>!+\-*/%()]))/y;
const PRECEDENCE = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const APPLY = {
  "||": (a, b) => Boolean(a) || Boolean(b),
  "&&": (a, b) => Boolean(a) && Boolean(b),
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "+": (a, b) => Number(a) + Number(b),
  "-": (a, b) => Number(a) - Number(b),
  "*": (a, b) => Number(a) * Number(b),
  // By nothing it is nothing, at Meta's.
  "/": (a, b) => (Number(b) === 0 ? 0 : Number(a) / Number(b)),
  "%": (a, b) => (Number(b) === 0 ? 0 : Number(a) % Number(b)),
};

/** A value of the Flow's JSON with everything in it filled in; objects and lists too. */
export function resolve(value, scope) {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, scope)]));
  if (typeof value !== "string") return value;
  if (value.length > 1 && value.startsWith("`") && value.endsWith("`"))
    return calculate(value.slice(1, -1), scope);
  const reference = REFERENCE.exec(value);
  return reference ? scope(reference[1].split(".")) : value;
}

/** The condition of an If is an expression also without backticks. */
export function condition(value, scope) {
  if (typeof value !== "string") return Boolean(value);
  return Boolean(value.startsWith("`") ? resolve(value, scope) : calculate(value, scope));
}

/** An expression that cannot be understood is shown as it stands. */
function calculate(text, scope) {
  const tokens = tokenize(text);
  if (!tokens) return text;
  try {
    const parts = [];
    while (tokens.length > 0) parts.push(binary(tokens, scope, 0));
    // Values beside one another are put together: 'Hello ' ${form.name}
    return parts.length === 1 ? parts[0] : parts.map((part) => part ?? "").join("");
  } catch {
    return text;
  }
}

function tokenize(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return null;
    const [, reference, words, number, truth, operator] = found;
    if (reference) tokens.push({ reference: reference.slice(2, -1).split(".") });
    else if (words !== undefined) tokens.push({ value: words.slice(1, -1).replace(/\\(.)/g, "$1") });
    else if (number !== undefined) tokens.push({ value: Number(number) });
    else if (truth) tokens.push({ value: truth === "true" });
    else tokens.push({ operator });
  }
  return tokens;
}

function binary(tokens, scope, least) {
  let left = unary(tokens, scope);
  while (PRECEDENCE[tokens[0]?.operator] > least) {
    const { operator } = tokens.shift();
    left = APPLY[operator](left, binary(tokens, scope, PRECEDENCE[operator]));
  }
  return left;
}

function unary(tokens, scope) {
  const token = tokens.shift();
  if (!token) throw new Error("The expression ends too early.");
  if (token.reference) return scope(token.reference);
  if (token.operator === "!") return !unary(tokens, scope);
  if (token.operator === "-") return -unary(tokens, scope);
  if (token.operator === "(") {
    const inside = binary(tokens, scope, 0);
    if (tokens.shift()?.operator !== ")") throw new Error("A parenthesis is open.");
    return inside;
  }
  if ("value" in token) return token.value;
  throw new Error(`Unexpected ${token.operator}.`);
}
