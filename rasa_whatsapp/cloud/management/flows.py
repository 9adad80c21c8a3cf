"""The Flows of an account: drafts that are changed at will, and published ones that nobody can change.

Source: Meta, WhatsApp Flows, Flows API.
"""

from __future__ import annotations

import asyncio
import builtins
import json as jsonlib
import os
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import msgspec

from rasa_whatsapp.cloud.management.node import PAGE, Node, field_names, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import items, mapping
from rasa_whatsapp.messages import checks

CATEGORIES = (
    "APPOINTMENT_BOOKING", "CONTACT_US", "CUSTOMER_SUPPORT", "LEAD_GENERATION", "OTHER", "SIGN_IN", "SIGN_UP",
    "SURVEY",
)  # fmt: skip
METRICS = (
    "ENDPOINT_AVAILABILITY", "ENDPOINT_REQUEST_COUNT", "ENDPOINT_REQUEST_ERROR",
    "ENDPOINT_REQUEST_ERROR_RATE", "ENDPOINT_REQUEST_LATENCY_SECONDS_CEIL",
)  # fmt: skip
GRANULARITIES = ("DAY", "HOUR", "LIFETIME")


class WritesJson(Protocol):
    """A ``flows.FlowJSON``."""

    def to_json(self) -> str:
        """The Flow as JSON text."""


class FlowIssue(Result, frozen=True):
    """Something that Meta has against a Flow's JSON; prints with its place in the file, counted from 1."""

    error: str = ""
    error_type: str = ""
    message: str = ""
    line_start: int = 0
    line_end: int = 0
    column_start: int = 0
    column_end: int = 0
    pointers: tuple[dict[str, Any], ...] = ()

    def __str__(self) -> str:
        where = f"line {self.line_start}, column {self.column_start}: " if self.line_start else ""
        return f"{where}{self.message or self.error}"


class FlowPreview(Result, frozen=True):
    """A page that shows the Flow to whoever knows its address."""

    preview_url: str = ""
    expires_at: str = ""


class FlowInfo(Result, frozen=True):
    """A Flow.

    Attributes:
        status: ``DRAFT``, ``PUBLISHED``, ``DEPRECATED``, ``BLOCKED`` or ``THROTTLED``.
        validation_errors: what must be mended before it can be published.
        json_version: of Flow JSON; empty before any was pushed.
        data_api_version: empty for a Flow without an endpoint.
        health_status: whether messages with it can be sent, and why not, as Meta describes it.
    """

    id: str = ""
    name: str = ""
    status: str = ""
    categories: tuple[str, ...] = ()
    validation_errors: tuple[FlowIssue, ...] = ()
    json_version: str = ""
    data_api_version: str = ""
    endpoint_uri: str = ""
    preview: FlowPreview = FlowPreview()
    health_status: dict[str, Any] = msgspec.field(default_factory=dict)


class FlowAsset(Result, frozen=True):
    """A file of a Flow: its JSON, at an address that holds for a while."""

    name: str = ""
    asset_type: str = ""
    download_url: str = ""


class Migration(Result, frozen=True):
    """What became of Flows that were copied from another account."""

    migrated: tuple[dict[str, Any], ...] = msgspec.field(name="migrated_flows", default=())
    failed: tuple[dict[str, Any], ...] = msgspec.field(name="failed_flows", default=())


class Flows:
    """The Flows of the WhatsApp Business Account; needs ``whatsapp_business_management``.

    `list`, `create` and `migrate` raise `SettingsError` where the client has no ``waba_id``.
    Source: Meta, WhatsApp Flows, Flows API.
    """

    def __init__(self, account: Node) -> None:
        self._account = account

    async def list(self) -> AsyncIterator[FlowInfo]:
        """Each Flow, with what Meta lists of it: neither preview nor health."""
        fields = "id,name,status,categories,validation_errors,json_version,endpoint_uri"
        async for flow in self._account.items("flows", fields=fields, limit=PAGE):
            yield read(FlowInfo, flow)

    async def get(self, flow_id: str, *, new_preview: bool = False) -> FlowInfo:
        """One Flow, with the address of its preview and its health.

        Args:
            new_preview: make the preview's earlier address useless.
        """
        preview = f"preview.invalidate({str(new_preview).lower()})"
        fields = field_names(FlowInfo).replace("preview", preview)
        return read(FlowInfo, await self._of(flow_id).get(fields=fields))

    async def create(
        self,
        name: str,
        categories: Collection[str] = ("OTHER",),
        *,
        json: WritesJson | Mapping[str, Any] | str | bytes | os.PathLike[str] | None = None,
        clone: str = "",
        endpoint_uri: str = "",
        publish: bool = False,
    ) -> FlowInfo:
        """Make a draft; the result knows ``id`` and ``validation_errors``.

        Args:
            name: not that of another Flow of the account.
            categories: of ``SIGN_UP``, ``SIGN_IN``, ``APPOINTMENT_BOOKING``, ``LEAD_GENERATION``,
                ``CONTACT_US``, ``CUSTOMER_SUPPORT``, ``SURVEY`` and ``OTHER``.
            json: as for `push`.
            clone: the id of a Flow to begin with.
            endpoint_uri: the https address of its endpoint.
            publish: at once, which only works for JSON without errors.

        Raises:
            MessageError: the name is blank, a category unknown, or the JSON no Unicode text.
            OSError: the file cannot be read.
        """
        checks.text("name", name)
        body = {"name": name, **_metadata(categories=categories, endpoint_uri=endpoint_uri)}
        if json is not None:
            body["flow_json"] = await asyncio.to_thread(_text, json)
        if clone:
            body["clone_flow_id"] = clone
        if publish:
            body["publish"] = True
        answer = await self._account.post("flows", json=body)
        return read(FlowInfo, {"name": name, "categories": [*categories], **answer})

    async def update(
        self,
        flow_id: str,
        *,
        name: str = "",
        categories: Collection[str] = (),
        endpoint_uri: str = "",
        application_id: str = "",
    ) -> None:
        """Change what is given; the endpoint and its Meta app also of a published Flow.

        Raises:
            MessageError: there is nothing to change, or a category is unknown.
        """
        changes = _metadata(
            name=name, categories=categories, endpoint_uri=endpoint_uri, application_id=application_id
        )
        if not changes:
            raise MessageError("name", "and everything else is not given: there is nothing to change.")
        await self._of(flow_id).post(json=changes)

    async def push(
        self, flow_id: str, json: WritesJson | Mapping[str, Any] | str | bytes | os.PathLike[str]
    ) -> tuple[FlowIssue, ...]:
        """Replace a draft's JSON, and return what Meta has against it; it is kept all the same.

        Args:
            json: a ``FlowJSON``, a dict, JSON as text, or a file's path. Text and files go as they are, so
                that the lines in Meta's answer are theirs, but for their encoding: Meta gets UTF-8.

        Raises:
            MessageError: the JSON is no Unicode text.
            OSError: the file cannot be read.
        """
        form = aiohttp.FormData()
        form.add_field("name", "flow.json")
        form.add_field("asset_type", "FLOW_JSON")
        content = await asyncio.to_thread(_text, json)
        form.add_field("file", content.encode(), filename="flow.json", content_type="application/json")
        answer = await self._of(flow_id).post_form("assets", form=form)
        return tuple(read(FlowIssue, issue) for issue in items(answer, "validation_errors"))

    async def publish(self, flow_id: str) -> None:
        """Let people open it; afterwards its JSON can never be changed again."""
        await self._of(flow_id).post("publish", json={})

    async def deprecate(self, flow_id: str) -> None:
        """Take a published Flow out of use, for ever; it cannot be deleted."""
        await self._of(flow_id).post("deprecate", json={})

    async def delete(self, flow_id: str) -> None:
        """Delete a draft."""
        await self._of(flow_id).delete()

    async def migrate(self, source_waba_id: str, names: builtins.list[str]) -> Migration:
        """Copy Flows of another account of the same business, as drafts of this one.

        Raises:
            MessageError: the id is blank, or no Flow is named.
        """
        checks.identifier("source_waba_id", source_waba_id)
        checks.parts("names", names, str, None)
        body = {"source_waba_id": source_waba_id, "source_flow_names": names}
        return read(Migration, await self._account.post("migrate_flows", json=body))

    async def assets(self, flow_id: str) -> AsyncIterator[FlowAsset]:
        """Each file of the Flow."""
        async for asset in self._of(flow_id).items("assets"):
            yield read(FlowAsset, asset)

    async def metrics(
        self, flow_id: str, name: str, *, granularity: str = "DAY", since: str = "", until: str = ""
    ) -> dict[str, Any]:
        """How the endpoint does, as Meta describes it; empty where it has no numbers.

        Args:
            name: such as ``ENDPOINT_REQUEST_COUNT`` or ``ENDPOINT_AVAILABILITY``.
            granularity: ``DAY``, ``HOUR`` or ``LIFETIME``.
            since, until: days, as ``2026-01-31``.

        Raises:
            MessageError: there is no such metric or granularity.
        """
        checks.one_of("name", name, METRICS)
        checks.one_of("granularity", granularity, GRANULARITIES)
        asked = {"name": name, "granularity": granularity, "since": since, "until": until}
        fields = ".".join(["metric", *(f"{key}({value})" for key, value in asked.items() if value)])
        return mapping(await self._of(flow_id).get(fields=fields), "metric")

    def _of(self, flow_id: str) -> Node:
        checks.identifier("flow_id", flow_id)
        return self._account.other(flow_id)


def _metadata(*, categories: Collection[str] = (), endpoint_uri: str = "", **given: str) -> dict[str, Any]:
    """What is given, checked."""
    for category in categories:
        checks.one_of("categories", category, CATEGORIES)
    if endpoint_uri:
        checks.url("endpoint_uri", endpoint_uri)
    lists = {"categories": [*categories]} if categories else {}
    texts = {**given, "endpoint_uri": endpoint_uri}
    return {**lists, **{key: value for key, value in texts.items() if value}}


def _text(source: WritesJson | Mapping[str, Any] | str | bytes | os.PathLike[str]) -> str:
    if isinstance(source, Mapping):
        return jsonlib.dumps(source, ensure_ascii=False)
    if isinstance(source, bytes):
        return _decoded(source)
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return source
    if isinstance(source, (str, os.PathLike)):
        return _decoded(Path(source).read_bytes())
    return source.to_json()


def _decoded(content: bytes) -> str:
    """JSON as text, in whichever form of Unicode it was saved."""
    try:
        return content.decode(jsonlib.detect_encoding(content))
    except UnicodeDecodeError:
        raise MessageError("json", "is no Unicode text; save it as UTF-8") from None
