/** A webhook or a call as a command for a shell. */

/** Where a call needs a token, the command takes it from the environment, as a bot does. */
const TOKEN = '-H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN"';

export function webhookAsCurl({ body, headers }, url) {
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return lines(`curl ${quoted(url)}`, ...given, `--data-binary ${quoted(body)}`);
}

export function callAsCurl({ method, path, query, text }) {
  const search = new URLSearchParams(query).toString();
  const url = new URL(search ? `${path}?${search}` : path, location.origin);
  const body = text ? [`-H 'Content-Type: application/json'`, `--data-binary ${quoted(text)}`] : [];
  return lines(`curl -X ${method} ${quoted(url.href)}`, TOKEN, ...body);
}

function lines(...parts) {
  return parts.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
