"""One Rasa answers a number of Meta's and a number of Serpro's."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from serving import ACCOUNTS, PERSON, Bot, as_serpro, local_whatsapp, serving, signature, text, webhook

SERPRO = "900100200"
TO_SERPRO = {
    **ACCOUNTS["serpro"],
    "client_id": SERPRO,
    "webhook_token": "serpro-says",
}


@pytest.mark.parametrize("path", ["", "/an-unguessable-path"])
async def test_each_number_answers_by_its_own_gateway(path: str) -> None:
    """On one route, told apart by what proves a request; or Serpro on a path that nobody else knows."""
    async with local_whatsapp("cloud") as meta, local_whatsapp("serpro", number=SERPRO) as serpro:
        theirs: dict[str, Any] = {**TO_SERPRO, "base_url": serpro.url}
        if path:
            theirs["webhook_path_token"] = theirs.pop("webhook_token") and "an-unguessable-path"
        numbers = [{**ACCOUNTS["cloud"], "base_url": meta.url}, theirs]
        bot = Bot()
        async with serving(bot, numbers=numbers) as server, aiohttp.ClientSession() as session:
            ours = json.dumps(webhook(text("oi, Meta", "wamid.1"))).encode()
            bare = json.dumps(as_serpro(webhook(text("oi, Serpro", "wamid.2"), number=SERPRO))).encode()
            signed = {"X-Hub-Signature-256": signature(ours)}
            bearer = {"Authorization": "Bearer serpro-says"}
            for url, body, proof in (
                (f"{server.url}/webhook", ours, signed),
                (f"{server.url}/webhook{path}", bare, {} if path else bearer),
            ):
                async with session.post(url, data=body, headers=proof) as answer:
                    assert answer.status == 200
            [by_meta] = await meta.until(posts=1)
            [by_serpro] = await serpro.until(posts=1)
            # What proves nothing is refused, and a number's message needs that number's proof.
            async with session.post(f"{server.url}/webhook", data=bare, headers=signed) as answer:
                assert answer.status in (401, 403)
    assert by_meta["text"]["body"] == "echo: oi, Meta"
    assert by_serpro["text"]["body"] == "echo: oi, Serpro"
    assert {heard.sender_id for heard in bot.heard} == {PERSON}, "one person, one conversation"
