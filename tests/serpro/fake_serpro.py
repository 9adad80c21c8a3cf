"""A small Serpro on a free port: as strict as the local WhatsApp's, as odd as a test wishes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from rasa_whatsapp.serpro import SerproClient
from rasa_whatsapp.simulator.serpro.limits import check
from rasa_whatsapp.simulator.serpro.refusal import Refused

CLIENT = "100200300400500"
SECRET = "serpro-client-secret"
WABA = "111222333444555"
PERSON = "556199990001"


class Serpro:
    """What arrived, and what is answered next.

    Attributes:
        answers: for a path's last part, answers to give instead of the usual one, in order.
    """

    def __init__(self) -> None:
        self.url = ""
        self.tokens: list[str] = []
        self.token_requests: list[dict[str, str]] = []
        self.token_status = 200
        self.expires_in: Any = 600
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.reads: list[str] = []
        self.calls: list[tuple[str, str]] = []
        self.answers: defaultdict[str, deque[web.Response]] = defaultdict(deque)
        self.reports: dict[str, dict[str, Any]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.text_webhooks_only = False
        self.changed = asyncio.Condition()

    def expire(self) -> None:
        """Every token that was given out is refused from now on."""
        self.tokens.append("")

    async def until(self, posts: int) -> list[tuple[str, dict[str, Any]]]:
        """Waits until so many messages have come."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.posts) >= posts), 10)
        return self.posts

    @property
    def ids(self) -> list[str]:
        """The ids of the requests, in order."""
        return list(self.reports)

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.token_requests.append(form)
        if queue := self.answers["token"]:
            return queue.popleft()
        if self.token_status != 200:
            return web.Response(status=self.token_status, text="<html>Manutenção</html>")
        if form != {"client_id": CLIENT, "client_secret": SECRET}:
            return web.json_response({"message": f"client {form} unknown"}, status=401)
        self.tokens.append(f"eyJ.token.{len(self.tokens)}")
        answer = {"access_token": self.tokens[-1], "expires_in": self.expires_in, "token_type": "Bearer"}
        return web.json_response({name: value for name, value in answer.items() if value is not None})

    @web.middleware
    async def guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path == "/oauth2/token":
            return await handler(request)  # type: ignore[no-any-return]
        self.calls.append((request.method, request.rel_url.raw_path))
        last = request.path.rpartition("/")[2]
        if queue := self.answers[last]:
            return queue.popleft()
        if not self.tokens or request.headers.get("Authorization") != f"Bearer {self.tokens[-1]}":
            return web.json_response({"message": "Access token expired"}, status=401)
        return await handler(request)  # type: ignore[no-any-return]

    async def send(self, request: web.Request) -> web.Response:
        kind, body = request.match_info["kind"], await request.json()
        try:
            check(kind, body)
        except Refused as refused:
            return web.json_response({"mensagem": refused.details}, status=400)
        id = str(uuid.uuid4())
        self.reports[id] = {"quantidadeMensagens": 1, "requisicoesEnvio": [], "aguardandoEnvio": []}
        async with self.changed:
            self.posts.append((kind, body))
            self.changed.notify_all()
        uri = f"#/client/{CLIENT}/v2/requisicao/{id}"
        return web.json_response({"id": id, "acoes": [{"rel": "status", "uri": uri, "method": "GET"}]})

    async def report(self, request: web.Request) -> web.Response:
        report = self.reports.get(request.match_info["id"])
        return web.json_response(report) if report is not None else web.Response(status=404)

    async def read(self, request: web.Request) -> web.Response:
        self.reads.append((await request.json())["message_id"])
        return web.Response(status=204)

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        if set(form) != {"mediaType", "file"} or not isinstance(file, web.FileField):
            return web.json_response(
                {"error": {"message": "bad form", "code": 100, "fbtrace_id": "A"}}, status=400
            )
        id = str(900800700600500 + len(self.files))
        self.files[id] = (str(form["mediaType"]), file.file.read())
        return web.json_response({"id": id, "acoes": []})

    async def download(self, request: web.Request) -> web.Response:
        mime_type, content = self.files[request.match_info["id"]]
        return web.Response(body=content, headers={"Content-Type": mime_type})

    async def webhook_list(self, _: web.Request) -> web.Response:
        return web.json_response(list(self.webhooks.values()))

    async def webhook_create(self, request: web.Request) -> web.Response:
        text = await request.text()
        if request.content_type == "text/plain":
            hook = {"uri": text, "jwtToken": None}
        elif self.text_webhooks_only:
            return web.Response(status=415, text="Unsupported Media Type")
        else:
            hook = json.loads(text)
        id = f"hook-{len(self.webhooks) + 1}"
        self.webhooks[id] = {"id": id, "fromPhoneNumberId": CLIENT, **hook}
        return web.json_response({"id": id}, status=201)

    async def webhook_update(self, request: web.Request) -> web.Response:
        self.webhooks[request.match_info["id"]].update(await request.json())
        return web.Response(status=200)

    async def webhook_delete(self, request: web.Request) -> web.Response:
        if "id" in request.match_info:
            del self.webhooks[request.match_info["id"]]
        else:
            self.webhooks.clear()
        return web.Response(status=204)

    async def listed(self, request: web.Request) -> web.Response:
        return web.json_response([{"id": CLIENT, "display_phone_number": "+55 61 3000-0000"}])

    async def echo(self, request: web.Request) -> web.Response:
        return web.json_response(await request.json() if request.can_read_body else dict(request.query))


@contextlib.asynccontextmanager
async def serpro() -> AsyncIterator[Serpro]:
    """A Serpro on a free port."""
    fake = Serpro()
    client, waba = f"/client/{CLIENT}/v2", f"/waba/{WABA}/v2"
    app = web.Application(middlewares=[fake.guard], client_max_size=200 * 1024 * 1024)
    app.add_routes(
        [
            web.post("/oauth2/token", fake.token),
            web.post(client + "/requisicao/mensagem/{kind}", fake.send),
            web.post(client + "/requisicao/informacao-de-leitura", fake.read),
            web.get(client + "/requisicao/{id}", fake.report),
            web.post(client + "/media", fake.upload),
            web.get(client + "/media/{id}", fake.download),
            web.get(client + "/webhook", fake.webhook_list),
            web.post(client + "/webhook", fake.webhook_create),
            web.put(client + "/webhook/{id}", fake.webhook_update),
            web.delete(client + "/webhook", fake.webhook_delete),
            web.delete(client + "/webhook/{id}", fake.webhook_delete),
            web.route("*", client + "/qrcode", fake.echo),
            web.get(waba + "/telefones", fake.listed),
            web.get(waba + "/templates", fake.listed),
            web.get(waba + "/metricas", fake.echo),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def calling(**options: Any) -> AsyncIterator[tuple[Serpro, SerproClient]]:
    """A Serpro and a client of it."""
    async with serpro() as fake:
        given = {"waba_id": WABA, "base_url": fake.url, **options}
        async with SerproClient(CLIENT, SECRET, **given) as client:
            yield fake, client
