"""Message templates of an account: written here, reviewed by Meta, then sent as ``messages.Template``.

Source: Meta, WhatsApp Business Management API, Message templates.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from rasa_whatsapp.cloud.management.node import PAGE, Node, field_names, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.cloud.management.template_rules import check_category, check_components, check_definition
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.messages import checks


class TemplateInfo(Result, frozen=True):
    """A template in one language.

    Attributes:
        status: ``APPROVED``, ``PENDING``, ``REJECTED``, ``PAUSED``, ``DISABLED`` …
        category: ``MARKETING``, ``UTILITY`` or ``AUTHENTICATION``; Meta may have changed it.
        parameter_format: ``POSITIONAL`` or ``NAMED``.
        components: as Meta describes them; their shape depends on their ``type``.
        rejected_reason: ``NONE`` unless the status is ``REJECTED``.
        quality_score: ``{"score": "GREEN"}``; yellow, red, or unknown for a new one.
    """

    id: str = ""
    name: str = ""
    language: str = ""
    status: str = ""
    category: str = ""
    parameter_format: str = ""
    components: tuple[dict[str, Any], ...] = ()
    rejected_reason: str = ""
    quality_score: dict[str, Any] = msgspec.field(default_factory=dict)


class Templates:
    """The templates of the WhatsApp Business Account; needs ``whatsapp_business_management``.

    Every call raises `SettingsError` where the client has no ``waba_id``, and as all calls of the client.
    Source: Meta, WhatsApp Business Management API, Message templates.
    """

    def __init__(self, account: Node) -> None:
        self._account = account

    async def list(
        self, *, name: str = "", status: str = "", language: str = "", category: str = ""
    ) -> AsyncIterator[TemplateInfo]:
        """Each template, filtered by Meta; ``name`` also finds templates whose name only contains it."""
        found = self._account.items(
            "message_templates",
            fields=field_names(TemplateInfo),
            limit=PAGE,
            name=name,
            status=status,
            language=language,
            category=category,
        )
        async for template in found:
            yield read(TemplateInfo, template)

    async def get(self, template_id: str) -> TemplateInfo:
        """One template, by its id.

        Raises:
            MessageError: the id is blank.
        """
        return read(TemplateInfo, await self._of(template_id).get(fields=field_names(TemplateInfo)))

    async def status(self, name: str) -> dict[str, str]:
        """The status of the template of exactly this name, by language; empty if there is none."""
        checks.identifier("name", name)
        return {each.language: each.status async for each in self.list(name=name) if each.name == name}

    async def create(self, definition: Mapping[str, Any]) -> TemplateInfo:
        """Hand a template in for review; the result knows ``id``, ``status`` and ``category``.

        Args:
            definition: Meta's JSON: ``name`` (up to 512 small letters, digits and ``_``), ``language``,
                ``category``, ``components`` (header text up to 60, body 1024, footer 60 UTF-16 code units,
                10 buttons of 25, 2 to 10 cards), ``parameter_format`` … or ``library_template_name``.

        Raises:
            MessageError: a limit is broken; names the place, such as ``components[1].text``.
        """
        check_definition(definition)
        answer = await self._account.post("message_templates", json=definition)
        return read(TemplateInfo, {**definition, "components": None, **answer})

    async def edit(
        self, template_id: str, *, components: Sequence[Mapping[str, Any]] = (), category: str = ""
    ) -> None:
        """Replace a template's components, or its category, and hand it in for review again.

        Only approved, rejected and paused templates can be edited; an approved one up to 10 times in 30
        days and once in 24 hours, and not in its category.

        Raises:
            MessageError: as `create`, or there is nothing to change.
        """
        changes: dict[str, Any] = {}
        if category:
            check_category(category)
            changes["category"] = category
        if components:
            check_components("components", components)
            changes["components"] = components
        if not changes:
            raise MessageError("components", "and category are not given: there is nothing to change.")
        await self._of(template_id).post(json=changes)

    async def delete(self, name: str, *, template_id: str = "") -> None:
        """Delete a template in all its languages, or only the one of this id.

        The name of an approved template cannot be used again for 30 days.

        Raises:
            MessageError: the name is blank.
        """
        checks.identifier("name", name)
        await self._account.delete("message_templates", name=name, hsm_id=template_id)

    def _of(self, template_id: str) -> Node:
        checks.identifier("template_id", template_id)
        return self._account.other(template_id)
