"""One message object of each kind, as a bot sends it, and the files they need."""

from __future__ import annotations

import struct
import zlib
from typing import Any

Content = dict[str, Any]


def interactive(kind: str, body: str, action: Content, **more: Any) -> Content:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": body}, "action": action, **more},
    }


BUTTONS = interactive(
    "button",
    "Por favor elige una opción:",
    {
        "buttons": [
            {"type": "reply", "reply": {"id": f"/{title.lower()}", "title": title}}
            for title in ("Pileta", "Tenis", "SUM")
        ]
    },
    footer={"text": "Club de la esquina"},
)
LIST = interactive(
    "list",
    "¿Sobre qué tema quieres saber más?",
    {
        "button": "Ver temas",
        "sections": [
            {
                "title": "Deportes",
                "rows": [
                    {
                        "id": "/pileta",
                        "title": "Pileta",
                        "description": "Horarios, revisación médica y gorra",
                    },
                    {
                        "id": "/tenis",
                        "title": "Tenis",
                        "description": "Turnos de una hora, calzado sin marcas",
                    },
                ],
            },
            {
                "title": "Salones",
                "rows": [
                    {"id": "/sum", "title": "SUM", "description": "Hasta 60 personas, con parrilla"},
                    {"id": "/quincho", "title": "Quincho"},
                ],
            },
        ],
    },
    header={"type": "text", "text": "Temas del club"},
)
LINK_BUTTON = interactive(
    "cta_url",
    "El reglamento completo está en nuestra página.",
    {
        "name": "cta_url",
        "parameters": {"display_text": "Abrir reglamento", "url": "https://example.org/reglamento"},
    },
)
LOCATION_REQUEST = interactive("location_request_message", "¿Desde dónde vienes?", {"name": "send_location"})
FLOW = interactive(
    "flow",
    "Inscripción a la colonia de verano",
    {
        "name": "flow",
        "parameters": {
            "flow_message_version": "3",
            "flow_token": "t-1",
            "flow_id": "1234",
            "flow_cta": "Inscribirme",
            "flow_action": "navigate",
            "flow_action_payload": {"screen": "SIGN_UP"},
        },
    },
)
PLACE = {
    "type": "location",
    "location": {
        "latitude": -34.603,
        "longitude": -58.381,
        "name": "Club de la esquina",
        "address": "Av. Corrientes 1000, Buenos Aires",
    },
}
CONTACTS = {
    "type": "contacts",
    "contacts": [
        {
            "name": {"formatted_name": "Ana Pérez", "first_name": "Ana"},
            "phones": [{"phone": "+54 11 5555-0100", "type": "WORK"}],
            "emails": [{"email": "ana@example.org", "type": "WORK"}],
            "org": {"company": "Club de la esquina", "title": "Administración"},
        }
    ],
}
TEMPLATE = {
    "type": "template",
    "template": {
        "name": "turno_confirmado",
        "language": {"code": "es_AR"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "María"}, {"type": "text", "text": "viernes 18:00"}],
            },
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "CONFIRMAR"}],
            },
        ],
    },
}
ORDER = {
    "type": "order",
    "order": {
        "catalog_id": "77",
        "text": "",
        "product_items": [
            {"product_retailer_id": "gorra", "quantity": 2, "item_price": 4500, "currency": "ARS"}
        ],
    },
}
FORMATTED = (
    "*Reglas de la pileta*\n"
    "_Lunes a viernes_ de 9 a 20, ~sábados~ cerrado.\n"
    "- Ducha antes de entrar\n- Gorra obligatoria\n"
    "1. Carnet\n2. Revisación\n"
    "> Los menores entran con un adulto.\n"
    "Código `PILETA-7`, más en https://example.org/pileta_2.\n"
    "```\nlun 09:00-20:00\nmar 09:00-20:00\n```"
)


def carousel(*pictures: str) -> Content:
    titles = ("Cancha 1 · polvo de ladrillo, con luz", "Cancha 2 · cemento", "Cancha 3 · césped sintético")
    cards = [
        {
            "card_index": index,
            "type": "cta_url",
            "header": {"type": "image", "image": {"link": picture}},
            "body": {"text": title},
            "action": {
                "buttons": [
                    {"type": "quick_reply", "quick_reply": {"id": f"/cancha_{index}", "title": "Reservar"}}
                ]
            },
        }
        for index, (picture, title) in enumerate(zip(pictures, titles, strict=False))
    ]
    return interactive("carousel", "Nuestras canchas:", {"cards": cards})


def png(width: int = 64, height: int = 40) -> bytes:
    """A small picture: a court with a net."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            line = x in (6, width - 7) or y in (4, height - 5) or abs(x - width // 2) < 1
            rows += bytes((240, 240, 230) if line else (190, 92 + y, 60))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows)))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
