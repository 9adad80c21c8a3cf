"""WhatsApp through Serpro in a FastAPI app, without Rasa: event in, answer backend, payload out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI, Request, Response

from rasa_whatsapp import gateway, settings
from rasa_whatsapp.errors import RequestError
from rasa_whatsapp.events import Event, Message
from rasa_whatsapp.messages import Message as Answer
from rasa_whatsapp.serpro.gateway import SerproGateway

AnswerBackend = Callable[[Message], Sequence[Answer]]


def make_app(environ: Mapping[str, str], backend: AnswerBackend) -> FastAPI:
    """The app for one number.

    Args:
        environ: SERPRO_CLIENT_ID, SERPRO_CLIENT_SECRET, SERPRO_WABA_ID, and WHATSAPP_WEBHOOK_TOKEN.
        backend: knows what to do with a message that a person sent.
    """
    [number] = settings.load({"provider": "serpro"}, environ).numbers
    serpro = SerproGateway(number)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await serpro.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/webhooks/whatsapp/webhook")
    async def webhook(request: Request, tasks: BackgroundTasks) -> Response:
        delivery = gateway.Request(request.headers, await request.body())
        try:
            serpro.authenticate(delivery)
            found = serpro.parse(delivery.body)
        except RequestError as error:
            return Response(status_code=error.status)
        tasks.add_task(answer, found)  # after the 200, for which Serpro does not wait long
        return Response(background=tasks)

    async def answer(found: Sequence[Event]) -> None:
        for event in found:
            if isinstance(event, Message):
                await serpro.mark_read(event.id, typing=False)
                for message in backend(event):
                    await serpro.send(message, event.sender.phone, outbox_id="")

    return app
