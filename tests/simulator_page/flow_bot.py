"""The part of a bot that Flows need: a client whose account has the key, and an endpoint in a web server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from scripted_bot import MARIA
from web_server import served

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.flows import FlowEndpoint, FlowHandlers, FlowKeys, FlowToken, generate_keys
from rasa_whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, WABA_ID, Simulator

KEYS = generate_keys()


@asynccontextmanager
async def client_with_key(whatsapp: Simulator) -> AsyncIterator[CloudClient]:
    """The bot's client; the account has the key."""
    async with CloudClient(ACCESS_TOKEN, PHONE_NUMBER_ID, waba_id=WABA_ID, base_url=whatsapp.url) as client:
        await client.encryption.set_public_key(KEYS.public_key)
        yield client


@asynccontextmanager
async def endpoint_of(handlers: FlowHandlers, tokens: dict[str, str]) -> AsyncIterator[str]:
    """Serves an endpoint for Maria; gives its address.

    Args:
        tokens: those that the bot has given out, and the name of the Flow of each.
    """

    async def known(token: str) -> FlowToken | None:
        return FlowToken(conversation=MARIA, flow=tokens[token]) if token in tokens else None

    endpoint = FlowEndpoint(FlowKeys(KEYS.private_key), handlers, app_secrets=[APP_SECRET], verify=known)

    async def respond(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = await endpoint.respond(await request.read(), headers)
        return web.Response(status=given.status, text=given.body, content_type=given.content_type)

    app = web.Application()
    app.router.add_post("/flow", respond)
    async with served(app) as url:
        yield f"{url}/flow"
