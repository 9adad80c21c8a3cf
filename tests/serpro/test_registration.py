"""Telling Serpro where to post: as often as one likes, https only, never a default address."""

from __future__ import annotations

import pytest
from aiohttp import web
from fake_serpro import calling

from rasa_whatsapp import errors
from rasa_whatsapp.serpro.registration import RegisteredWebhook, delete, register, show

URL = "https://bot.example.org/webhooks/whatsapp/webhook"
PATH = "a-path-of-16-and-more"


async def test_registering_twice_is_the_same_as_once() -> None:
    """The second time updates; a changed token takes the old one's place."""
    async with calling() as (serpro, client):
        first = await register(client, URL, "one")
        assert await register(client, URL + "/", "one") == first == [RegisteredWebhook("hook-1", URL, True)]
        await register(client, URL, "two")
        assert [(hook["uri"], hook["jwtToken"]) for hook in serpro.webhooks.values()] == [(URL, "two")]


async def test_other_webhooks_are_left_alone() -> None:
    """A second system of the same number keeps its own; doubles of ours go."""
    async with calling() as (serpro, client):
        for id, uri in (("a", "https://other.org"), ("b", URL), ("c", URL)):
            serpro.webhooks[id] = {"id": id, "uri": uri, "jwtToken": None}
        await register(client, URL)
        assert list(serpro.webhooks) == ["a", "b"]


async def test_the_text_form_where_json_is_refused() -> None:
    """The older Serpro takes the bare address as text."""
    async with calling() as (serpro, client):
        serpro.text_webhooks_only = True
        assert await register(client, URL) == [RegisteredWebhook("hook-1", URL, False)]


async def test_the_text_form_cannot_tell_a_token() -> None:
    """Registering without the token would have every delivery refused: it is an error instead."""
    async with calling() as (serpro, client):
        serpro.text_webhooks_only = True
        with pytest.raises(errors.InvalidMessage):
            await register(client, URL, "token")
        assert serpro.webhooks == {}


async def test_a_serpro_that_cannot_list() -> None:
    """The old address is removed and the new one registered, each time anew."""
    async with calling() as (serpro, client):
        serpro.webhooks["old"] = {"id": "old", "uri": "https://old.org"}
        await client.mark_read("wamid.for-a-token")
        serpro.answers["webhook"].append(web.Response(status=405, text="Method Not Allowed"))
        assert await register(client, URL) == [RegisteredWebhook("", URL, False)]
        assert [hook["uri"] for hook in serpro.webhooks.values()] == [URL]


async def test_a_refusal_is_not_taken_for_an_older_form() -> None:
    """403 means 403: nothing is deleted."""
    async with calling() as (serpro, client):
        await client.mark_read("wamid.for-a-token")
        serpro.answers["webhook"].append(web.Response(status=403))
        with pytest.raises(errors.PermissionDenied):
            await register(client, URL)
        assert all(method in ("GET", "POST") for method, _ in serpro.calls)


async def test_the_path_token_stands_in_the_address_and_not_on_the_screen() -> None:
    """Serpro gets the whole address, people see it without its secret end."""
    async with calling() as (serpro, client):
        shown = await register(client, URL, path_token=PATH)
        assert [hook["uri"] for hook in serpro.webhooks.values()] == [f"{URL}/{PATH}"]
        assert PATH not in str(shown)
        assert await register(client, f"{URL}/{PATH}", path_token=PATH) == shown == await show(client, PATH)


async def test_deleting() -> None:
    """All go; deleting nothing is no error."""
    async with calling() as (serpro, client):
        for id, uri in (("a", "https://other.org"), ("b", URL)):
            serpro.webhooks[id] = {"id": id, "uri": uri}
        assert await delete(client) == await delete(client) == []
        assert [path.rpartition("/")[2] for method, path in serpro.calls if method == "DELETE"] == ["a", "b"]


async def test_registering_where_serpro_tells_no_ids() -> None:
    """What cannot be named is neither updated nor deleted: without an id a deletion takes all away."""
    async with calling() as (serpro, client):
        for key, uri in (("a", "https://other.org"), ("b", URL), ("c", URL)):
            serpro.webhooks[key] = {"uri": uri, "jwtToken": "one"}
        await register(client, URL, "one")
        assert {method for method, _ in serpro.calls} == {"GET"}
        await register(client, URL, "two")
        assert [hook["uri"] for hook in serpro.webhooks.values()] == ["https://other.org", URL, URL, URL]


async def test_deleting_where_serpro_tells_no_ids() -> None:
    """All of the number's go at once."""
    async with calling() as (serpro, client):
        for key in ("a", "b"):
            serpro.webhooks[key] = {"uri": f"https://{key}.org"}
        assert await delete(client) == []
        assert [method for method, _ in serpro.calls].count("DELETE") == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://bot.example.org/x",
        "bot.example.org",
        "https://",
        "https://u:p@bot.example.org",
        "https://bot.example.org/?x=1",
        "https://[",
        "ftp://bot.example.org",
    ],
)
async def test_https_only(url: str) -> None:
    """Citizens' messages are sent nowhere in the clear, and nowhere by default."""
    async with calling() as (serpro, client):
        with pytest.raises(errors.SettingsError, match="https"):
            await register(client, url)
        assert serpro.calls == []
