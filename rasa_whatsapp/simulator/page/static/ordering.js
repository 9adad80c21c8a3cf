/** The dialogs in which a person answers with more than words: an order, an address. */

import { field, form, openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { money, t } from "./i18n.js";

/** Real prices are in a catalog at Meta; here every product costs the same. */
const PRICE = 10;
const CURRENCY = "BRL";
const MOST = 99;

/** Choose how many of each product; `send` gets [{product_retailer_id, quantity, item_price, currency}]. */
export function openOrder(products, send) {
  openDialog(t("order"), (close) => [
    form(
      close,
      [
        ...products.map((product, index) =>
          product ? quantity(product, index) : field(t("productId"), { name: "product", required: true }),
        ),
        field(t("remark"), { name: "remark" }),
      ],
      t("sendOrder"),
      ({ remark, product: typed, ...chosen }) => {
        const named = products.map((product, index) => [
          product || typed,
          Number(chosen[`quantity-${index}`] ?? 1),
        ]);
        const items = named
          .filter(([, count]) => count > 0)
          .map(([id, count]) => ({
            product_retailer_id: id,
            quantity: count,
            item_price: PRICE,
            currency: CURRENCY,
          }));
        return items.length > 0 && send(items, remark);
      },
    ),
  ]);
}

function quantity(product, index) {
  return el(
    "label",
    { class: "field field--row" },
    el("span", {}, product, el("small", { text: ` ${money(PRICE, CURRENCY)}` })),
    el("input", {
      type: "number",
      name: `quantity-${index}`,
      min: 0,
      max: MOST,
      value: index === 0 ? 1 : 0,
      "aria-label": t("quantityOf", { name: product }),
    }),
  );
}

const ADDRESS = [
  "name",
  "phone_number",
  "in_pin_code",
  "house_number",
  "building_name",
  "address",
  "city",
  "state",
];

/** WhatsApp's own address form, which is in English: only numbers in India are asked for one. */
export function openAddress({ values = {}, validation_errors: wrong = {} }, send) {
  openDialog(t("giveAddress"), (close) => [
    form(
      close,
      ADDRESS.map((key) => {
        const label = key.replace(/^in_/, "").replaceAll("_", " ");
        return field(wrong[key] ? `${label}: ${wrong[key]}` : label, { name: key, value: values[key] ?? "" });
      }),
      t("send"),
      (filled) => send(Object.fromEntries(Object.entries(filled).filter(([, value]) => value))),
    ),
  ]);
}
