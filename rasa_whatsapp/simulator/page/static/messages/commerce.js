/** Products and orders. The catalog is kept at Meta, so a product shows as its id. */

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { money, t } from "../i18n.js";
import { address, foot } from "./buttons.js";

export const COMMERCE = {
  product: ({ action }, message, act) => ({
    body: [goods([{ name: action.product_retailer_id }])],
    foot: [foot(t("viewProducts"), "cart", () => act.order(message, [action.product_retailer_id]))],
  }),
  product_list: ({ action }, message, act) => ({
    body: action.sections.map(({ title, product_items: items }) =>
      goods(
        items.map(({ product_retailer_id: name }) => ({ name })),
        title,
      ),
    ),
    foot: [foot(t("viewProducts"), "cart", () => act.order(message, productsOf(action)))],
  }),
  catalog_message: ({ action }, message, act) => ({
    foot: [foot(t("viewCatalog"), "cart", () => act.order(message, [thumbnail(action)]))],
  }),
  order_details: ({ action: { parameters } }) => ({
    body: [heading(t("payment", { id: parameters.reference_id })), bill(parameters)],
    foot: parameters.payment_settings?.flatMap(wayToPay) ?? [],
  }),
  order_status: ({ action: { parameters } }) => ({
    body: [
      heading(t("orderNumber", { id: parameters.reference_id })),
      el("p", { class: "goods__note", text: parameters.order.status }),
      parameters.order.description && el("p", { class: "text", text: parameters.order.description }),
    ].filter(Boolean),
  }),
};

/** A person's order. */
export function order({ product_items: items, text }) {
  const [{ currency = "" } = {}] = items;
  const total = items.reduce((sum, { quantity, item_price: price }) => sum + quantity * price, 0);
  const rows = items.map(({ product_retailer_id: name, quantity, item_price: price }) => ({
    name: `${quantity} × ${name}`,
    amount: money(quantity * price, currency),
  }));
  return {
    body: [
      heading(t("order")),
      goods([...rows, { name: t("total"), amount: money(total, currency) }]),
      text && el("p", { class: "text", text }),
    ].filter(Boolean),
    look: "wide",
  };
}

function productsOf({ sections }) {
  return sections.flatMap(({ product_items: items }) => items.map((item) => item.product_retailer_id));
}

function thumbnail(action) {
  return action.parameters?.thumbnail_product_retailer_id ?? "";
}

function heading(title) {
  return el("p", { class: "goods__title" }, icon("cart"), el("strong", { text: title }));
}

function goods(rows, title) {
  return el(
    "div",
    { class: "goods" },
    title && el("p", { class: "goods__note", text: title }),
    el(
      "ul",
      {},
      ...rows.map(({ name, amount }) =>
        el(
          "li",
          {},
          el("span", { text: name }),
          amount && el("span", { class: "goods__amount", text: amount }),
        ),
      ),
    ),
  );
}

function bill({ order: { items = [], tax, shipping, discount } = {}, total_amount: total, currency }) {
  const amount = ({ value, offset }) => money(value / offset, currency);
  const extra = [
    [t("tax"), tax],
    [t("shipping"), shipping],
    [t("discount"), discount && { ...discount, value: -discount.value }],
    [t("total"), total],
  ];
  return goods([
    ...items.map((item) => ({
      name: `${item.quantity} × ${item.name}`,
      amount: amount({
        ...item.amount,
        value: item.quantity * (item.sale_amount ?? item.amount).value,
      }),
    })),
    ...extra.filter(([, value]) => value).map(([name, value]) => ({ name, amount: amount(value) })),
  ]);
}

function wayToPay(setting) {
  const way = setting[setting.type];
  const copies = { pix_dynamic_code: ["copyPix", way.code], boleto: ["copyBoleto", way.digitable_line] };
  if (way.uri) return [address({ display_text: t("pay"), url: way.uri })];
  const [label, code] = copies[setting.type] ?? [];
  return label ? [foot(t(label), "copy", () => navigator.clipboard.writeText(code))] : [];
}
