/** What stands in an entry of the log: its subject, whose conversation it belongs to, what went wrong. */

/** Milliseconds to acknowledge a webhook. Source: Meta, Cloud API, Throughput: median 250, under 1 % above 1000. */
export const TARGET = { median: 250, slow: 1000, share: 0.01 };

/** The JSON value of a text; null for anything else. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The facts that a row shows: {label, status, milliseconds, failed}. */
export function factsOf(entry) {
  const facts = { webhook: webhookFacts, graph: callFacts, flow: exchangeFacts };
  return facts[entry.kind](entry);
}

/** The keys of the people whom an entry is about; none for uploads, templates and their like. */
export function peopleIn(entry, state) {
  if (entry.kind === "flow") return new Set([entry.user]);
  const keys =
    entry.kind === "webhook" ? valuesOf(entry.body).flatMap(named) : addressed(entry.body ?? {}, state);
  return new Set(keys.filter(Boolean).map((key) => keyOf(key, state)));
}

/** Meta's error code in an answer or in a status; 0 without one. */
export function errorCode(entry) {
  if (entry.kind === "flow") return 0;
  if (entry.kind === "graph") return Number(entry.response?.error?.code) || 0;
  const errors = valuesOf(entry.body).flatMap(({ statuses }) =>
    objectsIn(statuses).flatMap((each) => objectsIn(each.errors)),
  );
  return Number(errors[0]?.code) || 0;
}

/** What Meta would charge for the message whose status this is; undefined where it says nothing of it. */
export function pricingIn(entry) {
  if (entry.kind !== "webhook") return undefined;
  return valuesOf(entry.body)
    .flatMap(({ statuses }) => objectsIn(statuses))
    .map(({ pricing }) => pricing)
    .find(Boolean);
}

/** How the bot keeps up: {count, median, share} of the first attempts, in milliseconds; null without any. */
export function acknowledgement(entries) {
  const took = entries
    .filter(({ kind, attempts }) => kind === "webhook" && attempts.length > 0 && attempts[0].status !== null)
    .map(({ attempts: [first] }) => first.seconds * 1000)
    .sort((one, other) => one - other);
  if (took.length === 0) return null;
  const median = (took[(took.length - 1) >> 1] + took[took.length >> 1]) / 2;
  return {
    count: took.length,
    median,
    share: took.filter((each) => each > TARGET.slow).length / took.length,
  };
}

function webhookFacts({ body, attempts, acknowledged }) {
  const last = attempts.at(-1);
  return {
    label: subject(body),
    status: last?.status,
    milliseconds: (last?.seconds ?? 0) * 1000,
    failed: !acknowledged,
  };
}

function callFacts({ method, path, body, status, seconds }) {
  const kind = body?.type ?? (body?.typing_indicator ? "typing" : body?.status) ?? "";
  const names = path
    .split("/")
    .slice(2)
    .filter((part) => /\D/.test(part)); // without the ids
  const label = [method, names.join("/"), kind].filter(Boolean).join(" ");
  return { label, status, milliseconds: seconds * 1000, failed: status === null || status >= 400 };
}

function exchangeFacts({ flow, request, status, seconds, error }) {
  return {
    label: [flow, request.action].join(" "),
    status,
    milliseconds: seconds * 1000,
    failed: status !== 200 || Boolean(error),
  };
}

/** The values of the changes in a webhook: of Meta's, or of Serpro's bare ones. */
function valuesOf(body) {
  const whole = parsed(body);
  const changes = objectsIn(whole?.entry).flatMap(({ changes }) => objectsIn(changes));
  return objectsIn(changes.length > 0 ? changes.map(({ value }) => value) : [whole].flat());
}

/** The JSON objects in an array: a body that a developer has changed may have any form. */
function objectsIn(array) {
  return Array.isArray(array) ? array.filter((item) => item && typeof item === "object") : [];
}

/** What a webhook is about: "messages text", "status delivered". */
function subject(body) {
  const [{ messages, statuses } = {}] = valuesOf(body);
  const [[message], [status]] = [objectsIn(messages), objectsIn(statuses)];
  if (message) return `messages ${message.type}`;
  if (status) return `status ${status.status}`;
  return parsed(body)?.entry?.[0]?.changes?.[0]?.field ?? "webhook";
}

function named({ messages, statuses }) {
  return [
    ...objectsIn(messages).map(({ from, from_user_id: id }) => from ?? id),
    ...objectsIn(statuses).map(({ recipient_id: phone, recipient_user_id: id }) => phone ?? id),
  ];
}

function addressed(body, state) {
  const { to, recipient, destinatario, message_id: id } = body;
  return [to ?? recipient ?? destinatario ?? state.message(id)?.user];
}

/** The key of the person who goes by this phone number or user id, or else of the one who did. */
function keyOf(name, state) {
  const wanted = /^[A-Z]/.test(name) ? name : String(name).replace(/\D/g, "");
  const users = [...state.users.values()];
  const now = users.find(({ key, phone, user_id: id }) => [phone || key, id].includes(wanted));
  return (now ?? users.find(({ also }) => also.includes(wanted)))?.key ?? wanted;
}
