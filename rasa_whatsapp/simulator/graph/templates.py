"""The routes to message templates. What is well-formed is approved at once, unless Meta is to review it."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from rasa_whatsapp.simulator.api.access import Access, fields, json_object
from rasa_whatsapp.simulator.api.calls import Handler
from rasa_whatsapp.simulator.api.paging import page
from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.templates.book import MOST, TemplateBook

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
_LIMITS = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
_FILTERS = ("status", "language", "category")


class Templates:
    """The routes to the account's templates."""

    def __init__(self, access: Access, book: TemplateBook) -> None:
        self.book = book
        self._access = access

    def table(self) -> list[tuple[str, str, Handler]]:
        """The routes."""
        path = r"/{id:\d+}/message_templates"
        return [("GET", path, self.list), ("POST", path, self.create), ("DELETE", path, self.delete)]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /{waba_id}/message_templates``, filtered."""
        self._access.waba(request)
        query = request.query
        found = [
            fields(request, template)
            for template in self.book.all
            if query.get("name", "") in template["name"]
            and all(query.get(name, template[name]) == template[name] for name in _FILTERS)
        ]
        return page(request, found)

    async def create(self, request: web.Request) -> web.Response:
        """``POST /{waba_id}/message_templates``."""
        self._access.waba(request)
        body = await json_object(request)
        name, language = body.get("name"), body.get("language")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise Refusal(100, "The parameter name must be small letters, digits and underscores.")
        if not isinstance(language, str) or not language:
            raise Refusal(100, "The parameter language is required.")
        if self.book.named(name, language):
            raise Refusal(100, "Content in this language already exists.")
        category, components = _category(body), _components(body)
        if len(self.book.all) >= MOST:
            raise Refusal(2388019, f"The account has {MOST} templates, which is the limit.")
        template = self.book.add({**body, "category": category}, components, self._new_status)
        return web.json_response({key: template[key] for key in ("id", "status", "category")})

    async def edit(self, request: web.Request, template: dict[str, Any]) -> web.Response:
        """``POST /{template_id}``."""
        body = await json_object(request)
        if "category" in body:
            template["category"] = _category(body)
        if "components" in body:
            template["components"] = _components(body)
        template["status"], template["rejected_reason"] = self._new_status, "NONE"
        return web.json_response({"success": True})

    @property
    def _new_status(self) -> str:
        return self._access.restrictions.new_templates.upper()

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE /{waba_id}/message_templates?name=…``; with ``hsm_id`` in one language only."""
        self._access.waba(request)
        self.remove(request.query.get("name", ""), request.query.get("hsm_id", ""))
        return web.json_response({"success": True})

    def remove(self, name: str, template_id: str = "") -> None:
        """Forget a template in all its languages, or the one with this id."""
        doomed = [each["id"] for each in self.book.named(name) if template_id in ("", each["id"])]
        if not doomed:
            raise Refusal(100, f"No template is named {name}.")
        for each in doomed:
            self.book.remove(each)


def _category(body: dict[str, Any]) -> str:
    category = str(body.get("category", "")).upper()
    if category not in _CATEGORIES:
        raise Refusal(100, f"The parameter category must be one of {', '.join(_CATEGORIES)}.")
    return category


def _components(body: dict[str, Any]) -> list[dict[str, Any]]:
    components = body.get("components")
    if not isinstance(components, list) or not components:
        raise Refusal(100, "The parameter components is required.")
    for component in components:
        if not isinstance(component, dict):
            raise Refusal(100, "Each component must be an object.")
        limit = _LIMITS.get(str(component.get("type", "")).upper())
        text = component.get("text", "")
        if limit and isinstance(text, str) and len(text) > limit:
            raise Refusal(2388040, f"The text of {component['type']} has more than {limit} characters.")
    return components
