"""Messages of every type, each with the JSON that the Cloud API wants for it."""

from __future__ import annotations

from typing import Any

from rasa_whatsapp import messages as m

LINK = "https://example.org/a.jpg"
IMAGE = m.Image(link=LINK)
IMAGE_HEADER = {"type": "image", "image": {"link": LINK}}
PIX = m.Pix("00020101021226", "Clube", "39580525000189", "CNPJ")
PIX_JSON = {
    "type": "pix_dynamic_code",
    "pix_dynamic_code": {
        "code": "00020101021226",
        "merchant_name": "Clube",
        "key": "39580525000189",
        "key_type": "CNPJ",
    },
}
ORDER = m.Order(
    [m.OrderItem("racket", "Raquete", 20000, 2, 15000), m.OrderItem("ball", "Bola", 1000)],
    tax=m.OrderCharge(100, "ISS"),
    shipping=m.OrderCharge(500),
    discount=m.OrderCharge(1600, "Volta às aulas", "back2school"),
    catalog_id="c1",
    expires=1790000000,
    expiry_description="Vale até amanhã",
)
ORDER_JSON = {
    "status": "pending",
    "items": [
        {
            "retailer_id": "racket",
            "name": "Raquete",
            "amount": {"value": 20000, "offset": 100},
            "quantity": 2,
            "sale_amount": {"value": 15000, "offset": 100},
        },
        {"retailer_id": "ball", "name": "Bola", "amount": {"value": 1000, "offset": 100}, "quantity": 1},
    ],
    "subtotal": {"value": 31000, "offset": 100},
    "tax": {"value": 100, "offset": 100, "description": "ISS"},
    "shipping": {"value": 500, "offset": 100},
    "discount": {
        "value": 1600,
        "offset": 100,
        "description": "Volta às aulas",
        "discount_program_name": "back2school",
    },
    "catalog_id": "c1",
    "expiration": {"timestamp": "1790000000", "description": "Vale até amanhã"},
}
PAYMENT = m.Payment("order-1", [PIX, m.PaymentLink("https://pay.example/1"), m.Boleto("03399.02")], ORDER)
PAYMENT_JSON = {
    "reference_id": "order-1",
    "type": "digital-goods",
    "payment_type": "br",
    "payment_settings": [
        PIX_JSON,
        {"type": "payment_link", "payment_link": {"uri": "https://pay.example/1"}},
        {"type": "boleto", "boleto": {"digitable_line": "03399.02"}},
    ],
    "currency": "BRL",
    "total_amount": {"value": 30000, "offset": 100},
    "order": ORDER_JSON,
}


def interactive(kind: str, action: dict[str, Any], body: str = "Oi", **more: Any) -> dict[str, Any]:
    content = {"type": kind, "body": {"text": body}, "action": action, **more}
    return {"type": "interactive", "interactive": content}


def template(*components: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"name": "pedido", "language": {"code": "pt_BR"}}
    if components:
        content["components"] = list(components)
    return {"type": "template", "template": content}


def parameters(kind: str, *values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, **more, "parameters": list(values)}


CASES: dict[str, tuple[m.Message, dict[str, Any]]] = {
    "text": (m.Text("Olá"), {"type": "text", "text": {"body": "Olá"}}),
    "text with preview": (
        m.Text("Veja https://example.org", preview_url=True),
        {"type": "text", "text": {"body": "Veja https://example.org", "preview_url": True}},
    ),
    "reply, opaque, identity": (
        m.Text("Olá", reply_to="wamid.A", opaque="trace", identity_key_hash="h="),
        {
            "type": "text",
            "text": {"body": "Olá"},
            "context": {"message_id": "wamid.A"},
            "biz_opaque_callback_data": "trace",
            "recipient_identity_key_hash": "h=",
        },
    ),
    "image": (
        m.Image(link=LINK, caption="Um mapa"),
        {"type": "image", "image": {"link": LINK, "caption": "Um mapa"}},
    ),
    "video": (m.Video(id="7"), {"type": "video", "video": {"id": "7"}}),
    "audio": (m.Audio(id="7"), {"type": "audio", "audio": {"id": "7"}}),
    "voice note": (m.Audio(id="7", voice=True), {"type": "audio", "audio": {"id": "7", "voice": True}}),
    "document": (
        m.Document(id="7", filename="a.pdf", caption="Regras"),
        {"type": "document", "document": {"id": "7", "caption": "Regras", "filename": "a.pdf"}},
    ),
    "sticker": (m.Sticker(id="7"), {"type": "sticker", "sticker": {"id": "7"}}),
    "location": (
        m.Location(-15.79, 0, "Clube", "Rua 1"),
        {
            "type": "location",
            "location": {"latitude": -15.79, "longitude": 0, "name": "Clube", "address": "Rua 1"},
        },
    ),
    "contacts": (
        m.Contacts(
            [
                m.Contact(
                    m.ContactName("Ana Souza", "Ana", "Souza"),
                    phones=[m.ContactPhone("+5561999990001", "WORK", "5561999990001")],
                    emails=[m.ContactEmail("ana@example.org")],
                    addresses=[m.ContactAddress(city="Brasília", country_code="BR")],
                    urls=[m.ContactUrl("https://example.org", "HOME")],
                    org=m.ContactOrg("Clube", title="Diretora"),
                    birthday="2000-01-31",
                )
            ]
        ),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Ana Souza", "first_name": "Ana", "last_name": "Souza"},
                    "phones": [{"phone": "+5561999990001", "type": "WORK", "wa_id": "5561999990001"}],
                    "emails": [{"email": "ana@example.org"}],
                    "addresses": [{"city": "Brasília", "country_code": "BR"}],
                    "urls": [{"url": "https://example.org", "type": "HOME"}],
                    "org": {"company": "Clube", "title": "Diretora"},
                    "birthday": "2000-01-31",
                }
            ],
        },
    ),
    "reaction": (
        m.Reaction("wamid.A", "👍"),
        {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "👍"}},
    ),
    "reaction taken back": (
        m.Reaction("wamid.A"),
        {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": ""}},
    ),
    "pin": (
        m.Pin("wamid.A", 4),
        {"type": "pin", "pin": {"type": "pin", "message_id": "wamid.A", "expiration_days": 4}},
    ),
    "unpin": (m.Pin("wamid.A", 0), {"type": "pin", "pin": {"type": "unpin", "message_id": "wamid.A"}}),
    "buttons": (
        m.Buttons("Oi", [m.Button("y", "Sim"), m.Button("n", "Não")], header=IMAGE, footer="Clube"),
        interactive(
            "button",
            {
                "buttons": [
                    {"type": "reply", "reply": {"id": "y", "title": "Sim"}},
                    {"type": "reply", "reply": {"id": "n", "title": "Não"}},
                ]
            },
            header=IMAGE_HEADER,
            footer={"text": "Clube"},
        ),
    ),
    "buttons under a document": (
        m.Buttons("Oi", [m.Button("y", "Sim")], header=m.Document(id="7", filename="a.pdf")),
        interactive(
            "button",
            {"buttons": [{"type": "reply", "reply": {"id": "y", "title": "Sim"}}]},
            header={"type": "document", "document": {"id": "7", "filename": "a.pdf"}},
        ),
    ),
    "list": (
        m.List(
            "Oi",
            "Escolha",
            [
                m.Section(title="Quadra", rows=[m.Row("1", "Tênis", "De saibro")]),
                m.Section(title="Água", rows=[m.Row("2", "Natação")]),
            ],
            header="Esportes",
            footer="Clube",
        ),
        interactive(
            "list",
            {
                "button": "Escolha",
                "sections": [
                    {"title": "Quadra", "rows": [{"id": "1", "title": "Tênis", "description": "De saibro"}]},
                    {"title": "Água", "rows": [{"id": "2", "title": "Natação"}]},
                ],
            },
            header={"type": "text", "text": "Esportes"},
            footer={"text": "Clube"},
        ),
    ),
    "link": (
        m.CtaUrl("Oi", "Abrir", "https://example.org", header="Site"),
        interactive(
            "cta_url",
            {"name": "cta_url", "parameters": {"display_text": "Abrir", "url": "https://example.org"}},
            header={"type": "text", "text": "Site"},
        ),
    ),
    "location request": (
        m.LocationRequest("Oi"),
        interactive("location_request_message", {"name": "send_location"}),
    ),
    "contact request": (
        m.ContactRequest("Oi"),
        interactive("request_contact_info", {"name": "request_contact_info"}),
    ),
    "address request": (
        m.AddressRequest(
            "Oi",
            values={"name": "Asha"},
            saved_addresses=[m.SavedAddress("home", {"city": "Pune"})],
            validation_errors={"in_pin_code": "Unknown"},
        ),
        interactive(
            "address_message",
            {
                "name": "address_message",
                "parameters": {
                    "country": "IN",
                    "values": {"name": "Asha"},
                    "saved_addresses": [{"id": "home", "value": {"city": "Pune"}}],
                    "validation_errors": {"in_pin_code": "Unknown"},
                },
            },
        ),
    ),
    "voice call": (
        m.VoiceCall("Oi", "Ligar", 60),
        interactive(
            "voice_call", {"name": "voice_call", "parameters": {"display_text": "Ligar", "ttl_minutes": 60}}
        ),
    ),
    "plain voice call": (m.VoiceCall("Oi"), interactive("voice_call", {"name": "voice_call"})),
    "call permission": (
        m.CallPermissionRequest("Oi"),
        interactive("call_permission_request", {"name": "call_permission_request"}),
    ),
    "flow": (
        m.Flow("Oi", "Abrir", flow_id="1", flow_token="t", screen="S", data={"k": [1, None]}),
        interactive(
            "flow",
            {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_id": "1",
                    "flow_token": "t",
                    "flow_cta": "Abrir",
                    "mode": "published",
                    "flow_action": "navigate",
                    "flow_action_payload": {"screen": "S", "data": {"k": [1, None]}},
                },
            },
        ),
    ),
    "flow with endpoint": (
        m.Flow("Oi", "Abrir", flow_name="cadastro", action="data_exchange", draft=True),
        interactive(
            "flow",
            {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_name": "cadastro",
                    "flow_cta": "Abrir",
                    "mode": "draft",
                    "flow_action": "data_exchange",
                },
            },
        ),
    ),
    "product": (
        m.Product("c1", "p1", "Oi"),
        interactive("product", {"catalog_id": "c1", "product_retailer_id": "p1"}),
    ),
    "product without body": (
        m.Product("c1", "p1"),
        {
            "type": "interactive",
            "interactive": {
                "type": "product",
                "action": {"catalog_id": "c1", "product_retailer_id": "p1"},
            },
        },
    ),
    "product list": (
        m.ProductList("Oi", "Loja", "c1", [m.ProductSection(products=["p1", "p2"])]),
        interactive(
            "product_list",
            {
                "catalog_id": "c1",
                "sections": [
                    {"product_items": [{"product_retailer_id": "p1"}, {"product_retailer_id": "p2"}]}
                ],
            },
            header={"type": "text", "text": "Loja"},
        ),
    ),
    "catalog": (m.Catalog("Oi"), interactive("catalog_message", {"name": "catalog_message"})),
    "catalog with thumbnail": (
        m.Catalog("Oi", "p1"),
        interactive(
            "catalog_message",
            {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "p1"}},
        ),
    ),
    "carousel of links": (
        m.Carousel(
            "Oi", [m.Card(IMAGE, "Um", m.CtaButton("Ver", LINK)), m.Card(IMAGE, url=m.CtaButton("Ver", LINK))]
        ),
        interactive(
            "carousel",
            {
                "cards": [
                    {
                        "card_index": 0,
                        "type": "cta_url",
                        "header": IMAGE_HEADER,
                        "body": {"text": "Um"},
                        "action": {"name": "cta_url", "parameters": {"display_text": "Ver", "url": LINK}},
                    },
                    {
                        "card_index": 1,
                        "type": "cta_url",
                        "header": IMAGE_HEADER,
                        "action": {"name": "cta_url", "parameters": {"display_text": "Ver", "url": LINK}},
                    },
                ]
            },
        ),
    ),
    "carousel of quick replies": (
        m.Carousel("Oi", [m.Card(m.Video(link=LINK), replies=[m.Button(str(n), "Quero")]) for n in range(2)]),
        interactive(
            "carousel",
            {
                "cards": [
                    {
                        "card_index": n,
                        "type": "cta_url",
                        "header": {"type": "video", "video": {"link": LINK}},
                        "action": {
                            "buttons": [
                                {"type": "quick_reply", "quick_reply": {"id": str(n), "title": "Quero"}}
                            ]
                        },
                    }
                    for n in range(2)
                ]
            },
        ),
    ),
    "order details": (
        m.OrderDetails("Oi", PAYMENT, IMAGE, "Clube"),
        interactive(
            "order_details",
            {"name": "review_and_pay", "parameters": PAYMENT_JSON},
            header=IMAGE_HEADER,
            footer={"text": "Clube"},
        ),
    ),
    "order details without items": (
        m.OrderDetails("Oi", m.Payment("o", [PIX], total=500)),
        interactive(
            "order_details",
            {
                "name": "review_and_pay",
                "parameters": {
                    "reference_id": "o",
                    "type": "digital-goods",
                    "payment_type": "br",
                    "payment_settings": [PIX_JSON],
                    "currency": "BRL",
                    "total_amount": {"value": 500, "offset": 100},
                },
            },
        ),
    ),
    "order details with another payment": (
        m.OrderDetails("Oi", m.Payment("o", [{"type": "upi", "upi": {"vpa": "x"}}], total=5, currency="INR")),
        interactive(
            "order_details",
            {
                "name": "review_and_pay",
                "parameters": {
                    "reference_id": "o",
                    "type": "digital-goods",
                    "payment_type": "br",
                    "payment_settings": [{"type": "upi", "upi": {"vpa": "x"}}],
                    "currency": "INR",
                    "total_amount": {"value": 5, "offset": 100},
                },
            },
        ),
    ),
    "order status": (
        m.OrderStatus("Oi", "order-1", "canceled", "Sem estoque", "captured", 1722445231),
        interactive(
            "order_status",
            {
                "name": "review_order",
                "parameters": {
                    "reference_id": "order-1",
                    "order": {"status": "canceled", "description": "Sem estoque"},
                    "payment": {"status": "captured", "timestamp": 1722445231},
                },
            },
        ),
    ),
    "template": (m.Template("pedido", "pt_BR"), template()),
    "template, positional": (
        m.Template(
            "pedido",
            "pt_BR",
            header="Ana",
            body=["Ana", m.Currency("R$ 1,50", "BRL", 1500), m.DateTime("1 de maio")],
        ),
        template(
            parameters("header", {"type": "text", "text": "Ana"}),
            parameters(
                "body",
                {"type": "text", "text": "Ana"},
                {
                    "type": "currency",
                    "currency": {"fallback_value": "R$ 1,50", "code": "BRL", "amount_1000": 1500},
                },
                {"type": "date_time", "date_time": {"fallback_value": "1 de maio"}},
            ),
        ),
    ),
    "template, named": (
        m.Template("pedido", "pt_BR", header={"who": "Ana"}, body={"day": "segunda", "hour": "8h"}),
        template(
            parameters("header", {"type": "text", "parameter_name": "who", "text": "Ana"}),
            parameters(
                "body",
                {"type": "text", "parameter_name": "day", "text": "segunda"},
                {"type": "text", "parameter_name": "hour", "text": "8h"},
            ),
        ),
    ),
    "template, image": (
        m.Template("pedido", "pt_BR", header=m.Image(id="7")),
        template(parameters("header", {"type": "image", "image": {"id": "7"}})),
    ),
    "template, video": (
        m.Template("pedido", "pt_BR", header=m.Video(id="7")),
        template(parameters("header", {"type": "video", "video": {"id": "7"}})),
    ),
    "template, document": (
        m.Template("pedido", "pt_BR", header=m.Document(id="7", filename="a.pdf")),
        template(parameters("header", {"type": "document", "document": {"id": "7", "filename": "a.pdf"}})),
    ),
    "template, GIF": (
        m.Template("pedido", "pt_BR", header=m.Gif(link=LINK)),
        template(parameters("header", {"type": "gif", "gif": {"link": LINK}})),
    ),
    "template, location": (
        m.Template("pedido", "pt_BR", header=m.Location(1.5, 2.5, "Clube", "Rua 1")),
        template(
            parameters(
                "header",
                {
                    "type": "location",
                    "location": {"latitude": 1.5, "longitude": 2.5, "name": "Clube", "address": "Rua 1"},
                },
            )
        ),
    ),
    "template, product": (
        m.Template("pedido", "pt_BR", header=m.ProductHeader("c1", "p1")),
        template(
            parameters(
                "header",
                {"type": "product", "product": {"catalog_id": "c1", "product_retailer_id": "p1"}},
            )
        ),
    ),
    "template, buttons": (
        m.Template(
            "pedido",
            "pt_BR",
            buttons=[
                m.QuickReplyButton("YES"),
                m.UrlButton("42", index=3),
                m.CopyCodeButton("SAVE10", index=4),
                m.FlowButton("t", {"k": 1}, index=5),
                m.CallButton(60, index=6),
            ],
        ),
        template(
            parameters("button", {"type": "payload", "payload": "YES"}, sub_type="quick_reply", index="0"),
            parameters("button", {"type": "text", "text": "42"}, sub_type="url", index="3"),
            parameters(
                "button", {"type": "coupon_code", "coupon_code": "SAVE10"}, sub_type="copy_code", index="4"
            ),
            parameters(
                "button",
                {"type": "action", "action": {"flow_token": "t", "flow_action_data": {"k": 1}}},
                sub_type="flow",
                index="5",
            ),
            parameters(
                "button", {"type": "ttl_minutes", "ttl_minutes": 60}, sub_type="voice_call", index="6"
            ),
        ),
    ),
    "template, shop": (
        m.Template(
            "pedido",
            "pt_BR",
            buttons=[
                m.CatalogButton(),
                m.CatalogButton("p1"),
                m.ProductListButton("p1", [m.ProductSection(title="Novos", products=["p1"])]),
                m.OrderButton(m.Payment("o", [PIX], total=500)),
            ],
        ),
        template(
            {"type": "button", "sub_type": "catalog", "index": "0"},
            parameters(
                "button",
                {"type": "action", "action": {"thumbnail_product_retailer_id": "p1"}},
                sub_type="catalog",
                index="1",
            ),
            parameters(
                "button",
                {
                    "type": "action",
                    "action": {
                        "thumbnail_product_retailer_id": "p1",
                        "sections": [{"title": "Novos", "product_items": [{"product_retailer_id": "p1"}]}],
                    },
                },
                sub_type="mpm",
                index="2",
            ),
            parameters(
                "button",
                {
                    "type": "action",
                    "action": {
                        "order_details": {
                            "reference_id": "o",
                            "type": "digital-goods",
                            "payment_type": "br",
                            "payment_settings": [PIX_JSON],
                            "currency": "BRL",
                            "total_amount": {"value": 500, "offset": 100},
                        }
                    },
                },
                sub_type="order_details",
                index="3",
            ),
        ),
    ),
    "template, limited-time offer": (
        m.Template("pedido", "pt_BR", offer_ends_ms=1790000000000),
        template(
            parameters(
                "limited_time_offer",
                {
                    "type": "limited_time_offer",
                    "limited_time_offer": {"expiration_time_ms": 1790000000000},
                },
            )
        ),
    ),
    "template, tap target": (
        m.Template("pedido", "pt_BR", tap_target=m.TapTarget("https://example.org", "Oferta")),
        template(
            parameters(
                "tap_target_configuration",
                {
                    "type": "tap_target_configuration",
                    "tap_target_configuration": [{"url": "https://example.org", "title": "Oferta"}],
                },
            )
        ),
    ),
    "template, carousel": (
        m.Template(
            "pedido",
            "pt_BR",
            body=["Ana"],
            cards=[m.TemplateCard(m.Image(id=str(n)), ["x"], [m.QuickReplyButton("p")]) for n in range(2)],
        ),
        template(
            parameters("body", {"type": "text", "text": "Ana"}),
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": n,
                        "components": [
                            parameters("header", {"type": "image", "image": {"id": str(n)}}),
                            parameters("body", {"type": "text", "text": "x"}),
                            parameters(
                                "button",
                                {"type": "payload", "payload": "p"},
                                sub_type="quick_reply",
                                index="0",
                            ),
                        ],
                    }
                    for n in range(2)
                ],
            },
        ),
    ),
    "template, authentication": (
        m.Template.authentication("pedido", "pt_BR", "123456"),
        template(
            parameters("body", {"type": "text", "text": "123456"}),
            parameters("button", {"type": "text", "text": "123456"}, sub_type="url", index="0"),
        ),
    ),
    "template, component of tomorrow": (
        m.Template("pedido", "pt_BR", more=[{"type": "hologram", "parameters": [{"size": 3}]}]),
        template({"type": "hologram", "parameters": [{"size": 3}]}),
    ),
}
