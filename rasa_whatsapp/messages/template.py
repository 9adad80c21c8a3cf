"""Approved templates: the only messages that may be sent outside the 24-hour window."""

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec.structs import force_setattr, replace

from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks, limits
from rasa_whatsapp.messages.base import Message, Part, filled
from rasa_whatsapp.messages.media import Image, Video
from rasa_whatsapp.messages.reader import Json, Reader, within
from rasa_whatsapp.messages.template_buttons import BUTTONS, TemplateButton, UrlButton
from rasa_whatsapp.messages.template_values import (
    Body,
    ProductHeader,
    TemplateHeader,
    body_json,
    check_body,
    check_template_header,
    read_body_values,
    read_template_header,
    template_header_json,
)

# Components are written in this order; the buttons follow, and then what is not known here.
_ORDER = ("header", "body", "limited_time_offer", "carousel", "tap_target_configuration", "button")
_MILLISECONDS = 10**12


class TapTarget(Part, frozen=True):
    """Makes the whole template open a URL, under a title of your own.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Templates, Tap target title URL override.
    """

    url: str
    title: str

    def __post_init__(self) -> None:
        checks.url("url", self.url)
        checks.text("title", self.title)


class TemplateCard(Part, frozen=True):
    """A card of a template's carousel.

    Attributes:
        header: an image, a video or a product.
        body: the values of the card's text.
        buttons: the values of the card's buttons.

    Raises:
        MessageError: one of these rules is broken.

    Source: Meta, Cloud API, Template messages, Media card carousel.
    """

    header: Image | Video | ProductHeader
    body: Body = ()
    buttons: Sequence[TemplateButton] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.header, (Image, Video, ProductHeader)):
            raise MessageError("header", "must be Image, Video or ProductHeader.")
        check_template_header(self.header)
        force_setattr(self, "body", check_body(self.body))
        force_setattr(self, "buttons", _numbered(self.buttons))


class Template(Message, frozen=True):
    """A template, and the values of its variables.

    Attributes:
        name: the template's name, at most 512 characters.
        language: for example ``pt_BR``.
        header: the header's variable: a text of at most 60 UTF-16 code units (or ``{name: text}``), an image,
            a video, a document, a GIF, a location, a product; None where the header has no variable.
        body: the values of the body, in order, or by name as a mapping; texts, ``Currency``, ``DateTime``.
        buttons: the values of those buttons that have any.
        offer_ends_ms: when a limited-time offer ends, in **milliseconds** since 1970; 0 for none.
        cards: 2 to 10 cards of a carousel.
        tap_target: makes the whole message a link.
        more: components not known here, sent as they are.

    Raises:
        MessageError: a rule above is broken.

    Source: Meta, Cloud API, Template messages.
    """

    TYPE: ClassVar[str] = "template"

    name: str
    language: str
    header: TemplateHeader | None = None
    body: Body = ()
    buttons: Sequence[TemplateButton] = ()
    offer_ends_ms: int = 0
    cards: Sequence[TemplateCard] = ()
    tap_target: TapTarget | None = None
    more: Sequence[dict[str, Any]] = ()

    @classmethod
    def authentication(cls, name: str, language: str, code: str) -> "Template":
        """Return an authentication template that carries a one-time password.

        The code, at most 15 characters, goes into the body and into the button, as Meta demands.

        Raises:
            MessageError: the code is blank or too long.

        Source: Meta, Cloud API, Authentication templates.
        """
        checks.identifier("code", code, limits.OTP_CODE)
        return cls(name, language, body=[code], buttons=[UrlButton(code)])

    def _check(self) -> None:
        checks.identifier("name", self.name, limits.TEMPLATE_NAME)
        checks.identifier("language", self.language)
        if self.header is not None:
            check_template_header(self.header)
        force_setattr(self, "body", check_body(self.body))
        force_setattr(self, "buttons", _numbered(self.buttons))
        checks.integer("offer_ends_ms", self.offer_ends_ms, 0, 2**53)
        if 0 < self.offer_ends_ms < _MILLISECONDS:
            raise MessageError("offer_ends_ms", "must be in milliseconds; this looks like seconds.")
        force_setattr(self, "cards", _check_cards(self.cards))
        if self.tap_target is not None and not isinstance(self.tap_target, TapTarget):
            raise MessageError("tap_target", f"must be TapTarget, is {type(self.tap_target).__name__}.")
        force_setattr(self, "more", checks.parts("more", self.more, dict, None, 0))

    def _content(self) -> Json:
        components = _components_json(self.header, self.body)
        if self.offer_ends_ms:
            offer = {"expiration_time_ms": self.offer_ends_ms}
            components.append(_component("limited_time_offer", offer))
        if self.cards:
            components.append(
                {"type": "carousel", "cards": [_card_json(*card) for card in enumerate(self.cards)]}
            )
        if self.tap_target:
            target = {"url": self.tap_target.url, "title": self.tap_target.title}
            components.append(_component("tap_target_configuration", [target]))
        components += [button.to_json() for button in self.buttons]
        components += [dict(component) for component in self.more]
        return filled(name=self.name, language={"code": self.language}, components=components)

    @classmethod
    def _read(cls, body: Reader) -> "Template":
        template = body.object("template")
        components = _Components(template.objects("components"))
        offer = components.one("limited_time_offer")
        cards = components.one("carousel")
        target = components.one("tap_target_configuration")
        return cls(
            template.text("name"),
            template.object("language").text("code"),
            header=components.header(),
            body=components.body(),
            buttons=components.buttons(),
            offer_ends_ms=_read_offer(offer) if offer else 0,
            cards=_read_cards(cards) if cards else (),
            tap_target=_read_tap_target(target) if target else None,
            more=[component.whole() for component in components.unknown()],
        )


class _Components:
    """The components of a raw template, or of a card, sorted as they will be written."""

    def __init__(self, components: list[Reader]) -> None:
        # In place, because the list is the one that keeps unknown fields at their component.
        components[:] = [component for component in components if not _is_static(component)]
        components.sort(key=_rank)
        self._components = components

    def one(self, kind: str) -> Reader | None:
        found = [component for component in self._components if _kind(component) == kind]
        if len(found) > 1:
            raise MessageError(found[1].place, f'is a second component of the type "{kind}".')
        return found[0] if found else None

    def header(self) -> TemplateHeader | None:
        header = self.one("header")
        return read_template_header(_parameter(header)) if header else None

    def body(self) -> Body:
        body = self.one("body")
        return read_body_values(body.objects("parameters")) if body else ()

    def buttons(self) -> list[TemplateButton]:
        buttons = []
        known = [component for component in self._components if _kind(component) == "button"]
        for position, component in enumerate(known):
            kind = BUTTONS[component.text("sub_type").lower()]
            index = component.integer("index") if "index" in component else position
            with within(f"buttons[{position}]"):
                buttons.append(replace(kind._read(_parameter(component)), index=index))
        return buttons

    def unknown(self) -> list[Reader]:
        return [component for component in self._components if _kind(component) == ""]


def _kind(component: Reader) -> str:
    """Return the component's type, or the empty string for what is not known here."""
    kind = component.text("type").lower()
    known = kind in _ORDER and (kind != "button" or component.text("sub_type").lower() in BUTTONS)
    return kind if known else ""


def _rank(component: Reader) -> int:
    kind = _kind(component)
    return _ORDER.index(kind) if kind else len(_ORDER)


def _is_static(component: Reader) -> bool:
    """Tell whether a header or a body has no variable, and so need not be sent."""
    return _kind(component) in ("header", "body") and not component.objects("parameters")


def _parameter(component: Reader) -> Reader:
    """Return the only parameter of a component, or an empty one."""
    parameters = component.objects("parameters")
    if len(parameters) > 1:
        raise MessageError(component.at("parameters"), f"{len(parameters)} given, WhatsApp allows 1")
    if not parameters:
        return Reader({}, component.at("parameters"))
    parameters[0].text("type")
    return parameters[0]


def _component(kind: str, value: Any) -> Json:
    return {"type": kind, "parameters": [{"type": kind, kind: value}]}


def _components_json(header: TemplateHeader | None, body: Body) -> list[Json]:
    components: list[Json] = []
    if header is not None:
        components.append({"type": "header", "parameters": [template_header_json(header)]})
    if body:
        components.append({"type": "body", "parameters": body_json(body)})
    return components


def _card_json(index: int, card: TemplateCard) -> Json:
    buttons = [button.to_json() for button in card.buttons]
    return {"card_index": index, "components": _components_json(card.header, card.body) + buttons}


def _read_cards(carousel: Reader) -> list[TemplateCard]:
    cards = []
    for index, card in enumerate(carousel.objects("cards")):
        card.raw("card_index")
        components = _Components(card.objects("components"))
        with within(f"cards[{index}]"):
            cards.append(TemplateCard(components.header(), components.body(), components.buttons()))  # type: ignore[arg-type]
    return cards


def _read_offer(component: Reader) -> int:
    return _parameter(component).object("limited_time_offer").integer("expiration_time_ms")


def _read_tap_target(component: Reader) -> TapTarget:
    targets = _parameter(component).objects("tap_target_configuration")
    if len(targets) != 1:
        raise MessageError(component.place, "must have one tap target.")
    with within("tap_target"):
        return TapTarget(targets[0].text("url"), targets[0].text("title"))


def _check_cards(cards: Sequence[TemplateCard]) -> tuple[TemplateCard, ...]:
    given = checks.parts("cards", cards, TemplateCard, limits.CARDS, 0)
    if given:
        checks.count("cards", len(given), limits.CARDS, limits.CARDS_MIN)
    for index, card in enumerate(given):
        if type(card.header) is not type(given[0].header):
            raise MessageError(f"cards[{index}].header", "must be of the same kind on all cards.")
    return given


def _numbered(buttons: Sequence[TemplateButton]) -> tuple[TemplateButton, ...]:
    """Return the buttons, each with its index in the template."""
    given = checks.parts("buttons", buttons, TemplateButton, limits.TEMPLATE_BUTTONS, 0)
    numbered = tuple(
        button if button.index is not None else replace(button, index=position)
        for position, button in enumerate(given)
    )
    checks.unique([(f"buttons[{i}].index", str(button.index)) for i, button in enumerate(numbered)])
    return numbered
