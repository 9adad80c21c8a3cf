/** A webhook or a call as a command for a shell. */

/** Where a call needs a token, the command takes it from the environment, as a bot does. */
const TOKEN = '-H "Authorization: Bearer $WHATSAPP_ACCESS_TOKEN"';
/** Some bots prove the app's secret with each call. Source: Meta, Graph API, Securing requests. */
const PROOF = [
  'appsecret_proof=$(printf %s "$WHATSAPP_ACCESS_TOKEN"',
  'openssl dgst -sha256 -hmac "$WHATSAPP_APP_SECRET" -r',
  "cut -d' ' -f1)",
].join(" | ");

export function webhookAsCurl({ body, headers }, url) {
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return lines(`curl ${quoted(url)}`, ...given, `--data-binary ${quoted(body)}`);
}

export function callAsCurl({ method, path, query, text, proved }) {
  const search = new URLSearchParams(query).toString();
  const url = new URL(search ? `${path}?${search}` : path, location.origin);
  const proof = proved ? `"${search ? "&" : "?"}${PROOF}"` : "";
  const body = text ? [`-H 'Content-Type: application/json'`, `--data-binary ${quoted(text)}`] : [];
  return lines(`curl -X ${method} ${quoted(url.href)}${proof}`, TOKEN, ...body);
}

function lines(...parts) {
  return parts.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
