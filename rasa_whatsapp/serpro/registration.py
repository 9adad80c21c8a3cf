"""Where Serpro posts what arrives: registered, shown and deleted, as often as one likes.

Source: the two forms that public clients use; see `SerproClient.create_webhook`.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from rasa_whatsapp.errors import GraphError, SettingsError
from rasa_whatsapp.serpro.client import SerproClient

_NO_SUCH_CALL = (400, 404, 405, 415, 501)
"""What a Serpro answers that only knows the older form, which cannot list."""


class RegisteredWebhook(NamedTuple):
    """A registered webhook.

    Attributes:
        id: Serpro's id of it; empty where Serpro does not tell one.
        url: where deliveries go, without what only Serpro may know of it.
        has_token: whether deliveries bring a bearer token.
    """

    id: str
    url: str
    has_token: bool


async def register(
    client: SerproClient, url: str, token: str = "", path_token: str = ""
) -> list[RegisteredWebhook]:
    """Have deliveries posted to ``url``; other webhooks of the number are left alone.

    What is registered already is updated. Registering twice is the same as once. Where Serpro tells no id,
    nothing can be updated: with another token the address is registered once more. A Serpro that cannot list
    what there is knows of one webhook only: there this one takes the place of whatever the number has.

    Args:
        url: the webhook's address, ``https://<your host>/webhooks/whatsapp/webhook``; the path token is put
            behind it.
        token: what Serpro repeats as a bearer token, ``webhook_token`` of the settings.
        path_token: ``webhook_path_token`` of the settings.

    Raises:
        SettingsError: the address is not https.
        GraphError: Serpro refused.
    """
    url = _checked(url, path_token)
    try:
        known = [hook for hook in await client.webhooks() if hook.get("uri") == url]
    except GraphError as error:
        if error.http_status not in _NO_SUCH_CALL:
            raise
        await _replace_all(client, url, token)
        return [RegisteredWebhook("", _shown(url, path_token), bool(token))]
    # Deleting without an id would take those of others away, too.
    if ids := [id for hook in known if (id := _id(hook))]:
        await client.update_webhook(ids[0], url, token)
        for double in ids[1:]:
            await client.delete_webhook(double)
    elif not any((hook.get("jwtToken") or "") == token for hook in known):
        await client.create_webhook(url, token)
    return await show(client, path_token)


async def show(client: SerproClient, path_token: str = "") -> list[RegisteredWebhook]:
    """The webhooks that Serpro knows for the number.

    Args:
        path_token: is left out of the addresses.
    """
    return [_hook(hook, path_token) for hook in await client.webhooks()]


async def delete(client: SerproClient, path_token: str = "") -> list[RegisteredWebhook]:
    """Remove all webhooks of the number; returns those that are left.

    Nothing happens where there is none.

    Args:
        path_token: is left out of the addresses.
    """
    known = await client.webhooks()
    for hook in known:
        if id := _id(hook):
            await client.delete_webhook(id)
    if not all(map(_id, known)):
        await client.delete_webhook()
    return await show(client, path_token)


async def _replace_all(client: SerproClient, url: str, token: str) -> None:
    """The older form, which has neither a list nor updates: the old address goes, the new one comes."""
    try:
        await client.delete_webhook()
    except GraphError as error:
        if error.http_status not in _NO_SUCH_CALL:
            raise
    await client.create_webhook(url, token)


def _checked(url: str, path_token: str) -> str:
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if (
        not host
        or parts.scheme != "https"
        or " " in url
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise SettingsError(
            "--url",
            "is not an https address alone.",
            "Write https://<your host>/webhooks/whatsapp/webhook, without user name, query or fragment.",
        )
    if path_token and not url.endswith(f"/{path_token}"):
        url = f"{url}/{path_token}"
    return url


def _hook(hook: dict[str, Any], path_token: str) -> RegisteredWebhook:
    url = _shown(str(hook.get("uri") or ""), path_token)
    return RegisteredWebhook(_id(hook), url, bool(hook.get("jwtToken")))


def _id(hook: dict[str, Any]) -> str:
    return str(hook.get("id") or "")


def _shown(url: str, path_token: str) -> str:
    return url.replace(path_token, "…") if path_token else url
