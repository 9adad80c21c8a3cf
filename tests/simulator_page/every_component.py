"""A Flow with every component there is, on as many screens as its rules demand."""

from __future__ import annotations

import base64
from typing import Any

from every_message import png

Spec = dict[str, Any]
PICTURE = base64.b64encode(png()).decode()
OPTIONS = [
    {"id": "1", "title": "Pileta", "description": "De 10 a 20"},
    {"id": "2", "title": "Tenis"},
    {"id": "3", "title": "SUM"},
]
EVIL = "<b>hola</b> <img src=x onerror=alert(1)>"


def to(screen: str, **payload: Any) -> Spec:
    return {"name": "navigate", "next": {"type": "screen", "name": screen}, "payload": payload}


def screen(id: str, *children: Spec, **more: Any) -> Spec:
    layout = {"type": "SingleColumnLayout", "children": list(children)}
    return {"id": id, "title": id.title(), **more, "layout": layout}


def footer(label: str, action: Spec, **more: Any) -> Spec:
    return {"type": "Footer", "label": label, "on-click-action": action, **more}


FLOW: Spec = {
    "version": "7.1",
    "screens": [
        screen(
            "WORDS",
            {"type": "TextHeading", "text": "Bienvenido"},
            {"type": "TextSubheading", "text": "${data.name}"},
            {"type": "TextBody", "text": "Texto **con fuerza**", "markdown": True, "font-weight": "normal"},
            {"type": "TextCaption", "text": EVIL, "strikethrough": True},
            {"type": "Image", "src": PICTURE, "alt-text": "La cancha", "height": 80},
            {"type": "ImageCarousel", "images": [{"src": PICTURE, "alt-text": f"Foto {n}"} for n in (1, 2)]},
            {
                "type": "EmbeddedLink",
                "text": "Ver el club",
                "on-click-action": {"name": "open_url", "url": "https://example.org/club"},
            },
            footer("Seguir", to("TYPED"), **{"left-caption": "Paso 1", "right-caption": "de 6"}),
            data={"name": {"type": "string", "__example__": "María"}},
        ),
        screen(
            "TYPED",
            {
                "type": "TextInput",
                "name": "email",
                "label": "Correo",
                "input-type": "email",
                "required": True,
            },
            {"type": "TextInput", "name": "age", "label": "Edad", "input-type": "number", "init-value": "7"},
            {"type": "TextArea", "name": "remark", "label": "Comentario"},
            {"type": "OptIn", "name": "terms", "label": "Acepto", "required": True},
            {
                "type": "If",
                "condition": "${form.age} > 17",
                "then": [{"type": "TextBody", "text": "Sos mayor"}],
                "else": [{"type": "TextBody", "text": "Sos menor"}],
            },
            footer("Seguir", to("CHOSEN")),
        ),
        screen(
            "CHOSEN",
            {"type": "CheckboxGroup", "name": "several", "label": "Temas", "data-source": OPTIONS},
            {"type": "RadioButtonsGroup", "name": "one", "label": "Uno", "data-source": OPTIONS},
            {"type": "Dropdown", "name": "drop", "label": "Lista", "data-source": OPTIONS, "required": True},
            {"type": "ChipsSelector", "name": "chips", "label": "Fichas", "data-source": OPTIONS},
            {
                "type": "Switch",
                "value": "${form.one}",
                "cases": {
                    "1": [{"type": "TextBody", "text": "Agua"}],
                    "default": [{"type": "TextBody", "text": "Tierra"}],
                },
            },
            footer("Seguir", to("DAYS")),
        ),
        screen(
            "DAYS",
            {"type": "DatePicker", "name": "day", "label": "Día", "min-date": "2026-01-01"},
            {
                "type": "CalendarPicker",
                "name": "days",
                "mode": "range",
                "title": "Estadía",
                "label": {"start-date": "Desde", "end-date": "Hasta"},
            },
            footer("Seguir", to("MENU")),
        ),
        screen(
            "MENU",
            {
                "type": "NavigationList",
                "name": "menu",
                "label": "Secciones",
                "list-items": [
                    {
                        "id": "a",
                        "main-content": {"title": "Reglas", "description": "Doce", "metadata": "2026"},
                        "start": {"image": PICTURE, "alt-text": "Libro"},
                        "end": {"title": "Hoy"},
                        "badge": "Nuevo",
                        "tags": ["uno", "dos"],
                        "on-click-action": to("PROSE"),
                    }
                ],
            },
        ),
        screen(
            "PROSE",
            {
                "type": "RichText",
                "text": ["# Título", "Con **fuerza** y [enlace](https://example.org)", "- uno"],
            },
            footer("Seguir", to("PHOTO")),
        ),
        screen(
            "PHOTO",
            {"type": "PhotoPicker", "name": "photo", "label": "Foto", "max-uploaded-photos": 1},
            footer("Seguir", to("FILE")),
        ),
        screen(
            "FILE",
            {
                "type": "Form",
                "name": "form",
                "children": [
                    {
                        "type": "DocumentPicker",
                        "name": "file",
                        "label": "Documento",
                        "max-uploaded-documents": 1,
                    },
                    footer(
                        "Enviar",
                        {
                            "name": "complete",
                            "payload": {
                                "file": "${form.file}",
                                "email": "${screen.TYPED.form.email}",
                                "chosen": "${screen.CHOSEN.form.several}",
                            },
                        },
                    ),
                ],
            },
            terminal=True,
        ),
    ],
}


def types(value: Any) -> set[str]:
    """The types of all components in a Flow."""
    if isinstance(value, list):
        return set().union(*map(types, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {value["type"]} if isinstance(value.get("type"), str) else set()
    return own.union(*map(types, value.values()))
