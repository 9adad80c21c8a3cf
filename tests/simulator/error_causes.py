"""What causes each of Meta's errors in the local WhatsApp, or why no client can cause it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from rasa_whatsapp.cloud import CloudClient
from rasa_whatsapp.simulator import PHONE_NUMBER_ID, WABA_ID, Simulator, User

MARIA = "5561999990001"
FLOW = {
    "version": "7.3",
    "screens": [
        {
            "id": "OI",
            "title": "Oi",
            "terminal": True,
            "layout": {
                "type": "SingleColumnLayout",
                "children": [
                    {"type": "Footer", "label": "Fim", "on-click-action": {"name": "complete", "payload": {}}}
                ],
            },
        }
    ],
}


@dataclass
class World:
    """A local WhatsApp, the bot's client, and Maria, who has written to the bot."""

    simulator: Simulator
    client: CloudClient
    maria: User

    async def send(self, **more: Any) -> dict[str, Any]:
        body = {"messaging_product": "whatsapp", "to": MARIA, "type": "text", "text": {"body": "oi"}}
        return await self.client.request("POST", f"{PHONE_NUMBER_ID}/messages", json=body | more)

    async def number(self, method: str, name: str, **body: Any) -> dict[str, Any]:
        return await self.client.request(method, f"{PHONE_NUMBER_ID}/{name}", json=body)

    async def has_template(self, category: str = "UTILITY", body: str = "Oi", *components: Any) -> None:
        """The account has a template ``t`` in Portuguese."""
        definition = {"name": "t", "language": "pt_BR", "category": category}
        definition |= {"components": [{"type": "BODY", "text": body}, *components]}
        await self.client.request("POST", f"{WABA_ID}/message_templates", json=definition)

    async def send_template(self, *components: Any, language: str = "pt_BR", **more: Any) -> dict[str, Any]:
        template = {"name": "t", "language": {"code": language}, "components": components}
        return await self.send(type="template", template=template, **more)

    async def with_body(self, *parameters: Any) -> dict[str, Any]:
        return await self.send_template({"type": "body", "parameters": parameters})

    async def has_flow(self, *, published: bool = True) -> str:
        """The account has a Flow ``f``; its id."""
        flow = {"name": "f", "categories": ["OTHER"], "flow_json": json.dumps(FLOW), "publish": published}
        return str((await self.client.request("POST", f"{WABA_ID}/flows", json=flow))["id"])

    async def send_flow(self) -> dict[str, Any]:
        parameters = {"flow_message_version": "3", "flow_name": "f", "flow_cta": "Abrir"}
        action = {"name": "flow", "parameters": parameters}
        interactive = {"type": "flow", "body": {"text": "Oi"}, "action": action}
        return await self.send(type="interactive", interactive=interactive)


Cause = Callable[[World], Awaitable[object]]
BUTTON = {"type": "reply", "reply": {"id": "1", "title": "t" * 21}}


def text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


def restricted(**named: Any) -> Cause:
    """Under these restrictions, a text."""

    async def cause(world: World) -> None:
        world.simulator.restrict(**named)
        await world.send()
        await world.send()

    return cause


def template(body: str, *parameters: Any) -> Cause:
    """A template with this body, sent with these parameters."""

    async def cause(world: World) -> None:
        await world.has_template("UTILITY", body)
        await world.with_body(*parameters)

    return cause


def judged(status: str) -> Cause:
    """A template with this status."""

    async def cause(world: World) -> None:
        await world.has_template()
        world.simulator.template_status("t", status)
        await world.send_template()

    return cause


async def wrong_token(world: World) -> None:
    async with CloudClient("wrong", PHONE_NUMBER_ID, base_url=world.simulator.url) as client:
        await client.phone_number()


async def management_without_permission(world: World) -> None:
    world.simulator.restrict(permissions="messaging")
    await world.client.request("GET", f"{WABA_ID}/message_templates")


async def too_many_calls_of_the_account(world: World) -> None:
    world.simulator.restrict(account_calls=1)
    for _ in range(2):
        await world.client.request("GET", f"{WABA_ID}/message_templates")


async def closed_window(world: World) -> None:
    world.simulator.clock.advance(hours=25)
    await world.send()


async def blocked_person(world: World) -> None:
    await world.client.blocked.add(MARIA)
    await world.send()


async def unpaid_template(world: World) -> None:
    await world.has_template("MARKETING")
    world.simulator.restrict(standing="unpaid")
    await world.send()  # an answer costs nothing
    await world.send_template()


async def code_to_a_user_id(world: World) -> None:
    await world.has_template("AUTHENTICATION", "")
    await world.send_template(to=None, recipient=world.maria.user_id)


async def coupon_that_is_none(world: World) -> None:
    button = {"type": "COPY_CODE", "example": "DEZ"}
    await world.has_template("MARKETING", "Oi", {"type": "BUTTONS", "buttons": [button]})
    coupon = {"type": "coupon_code", "coupon_code": "10 %"}
    await world.send_template(
        {"type": "button", "sub_type": "copy_code", "index": "0", "parameters": [coupon]}
    )


async def another_language(world: World) -> None:
    await world.has_template()
    await world.send_template(language="es_AR")


async def too_many_templates(world: World) -> None:
    definition = {"language": "es", "category": "UTILITY", "components": [{"type": "BODY", "text": "Hola"}]}
    for number in range(250):
        name = f"t{number}"
        await world.client.request("POST", f"{WABA_ID}/message_templates", json={**definition, "name": name})


async def blocked_flow(world: World) -> None:
    await world.has_flow()
    world.simulator.flow_status("f", "BLOCKED")
    await world.send_flow()


async def throttled_flow(world: World) -> None:
    await world.has_flow()
    world.simulator.flow_status("f", "THROTTLED")
    for _ in range(11):
        await world.send_flow()


async def changed_published_flow(world: World) -> None:
    await world.client.flows.push(await world.has_flow(), FLOW)


async def draft_is_deprecated(world: World) -> None:
    await world.client.flows.deprecate(await world.has_flow(published=False))


async def published_flow_is_deleted(world: World) -> None:
    await world.client.flows.delete(await world.has_flow())


async def flow_without_json_is_published(world: World) -> None:
    flow = await world.client.flows.create("f")
    await world.client.flows.publish(flow.id)


async def metrics_of_a_new_flow(world: World) -> None:
    await world.client.flows.metrics(await world.has_flow(), "ENDPOINT_AVAILABILITY")


async def full_block_list(world: World) -> None:
    users = [{"user": f"{number}"} for number in range(64_001)]
    await world.number("POST", "block_users", messaging_product="whatsapp", block_users=users)


async def wrong_media(world: World) -> None:
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": "application/x-sh"})
    form.add_field("file", b"#!", filename="a.sh", content_type="application/x-sh")
    await world.client.request("POST", f"{PHONE_NUMBER_ID}/media", data=form)


def registered(*pins: str, before: str = "111111", verifying: bool = False) -> Cause:
    """The number is deregistered and registered again with these PINs."""

    async def cause(world: World) -> None:
        await world.client.numbers.set_pin(before)
        await world.client.numbers.deregister()
        if verifying:
            await world.client.numbers.request_code()
        for pin in pins[:-1]:
            try:
                await world.client.numbers.register(pin)
            except Exception as refused:
                if "133005" not in str(refused):
                    raise
        await world.client.numbers.register(pins[-1])

    return cause


async def not_registered(world: World) -> None:
    await world.client.numbers.deregister()
    await world.send()


async def username_of_somebody(world: World) -> None:
    world.simulator.user("5561999990002", username="clube.central")
    await world.client.username.set("Clube.Central")


CAUSES: dict[int, Cause] = {
    4: restricted(app_calls=1),
    10: restricted(permissions="management"),
    100: lambda world: world.send(text={"body": "x" * 4097}),
    190: wrong_token,
    200: management_without_permission,
    368: restricted(standing="blocked"),
    80007: too_many_calls_of_the_account,
    130403: blocked_person,
    130429: restricted(throughput=1),
    130497: restricted(barred_countries=["+55"]),
    131008: lambda world: world.send(messaging_product=None),
    131009: lambda world: world.send(
        type="interactive",
        interactive={"type": "button", "body": {"text": "?"}, "action": {"buttons": [BUTTON]}},
    ),
    131021: lambda world: world.send(to=world.simulator.account.display_phone_number),
    131026: lambda world: world.send(to=None, recipient="BR.404"),
    131030: restricted(allowed_recipients=["+1 555 0100"]),
    131031: restricted(standing="locked"),
    131037: restricted(standing="unnamed"),
    131041: lambda world: world.send(to="120363", recipient_type="group"),
    131042: unpaid_template,
    131047: closed_window,
    131048: restricted(standing="spam"),
    131051: lambda world: world.send(type="telegram"),
    131053: wrong_media,
    131056: restricted(pair_burst=1),
    131057: restricted(standing="maintenance"),
    131059: lambda world: world.client.request("GET", f"{WABA_ID}/message_templates", params={"after": "x"}),
    131062: code_to_a_user_id,
    132000: template("Oi, {{1}}!"),
    132001: another_language,
    132005: template("Oi, {{1}}!", text("a" * 1024)),
    132008: coupon_that_is_none,
    132012: template("Oi, {{1}}!", {"type": "image", "image": {"link": "https://clube.example/a.png"}}),
    132015: judged("PAUSED"),
    132016: judged("DISABLED"),
    132018: template("Oi, {{1}}!", text("Ana\nMaria")),
    132068: blocked_flow,
    132069: throttled_flow,
    133005: registered("222222"),
    133006: registered("111111", verifying=True),
    133008: registered(*["222222"] * 6),
    133010: not_registered,
    133016: registered(*["111111"] * 10),
    136024: lambda world: world.client.numbers.request_code(),
    137000: lambda world: world.send(recipient_identity_key_hash="another"),
    139001: changed_published_flow,
    139002: flow_without_json_is_published,
    139003: draft_is_deprecated,
    139004: published_flow_is_deleted,
    139006: metrics_of_a_new_flow,
    139100: lambda world: world.client.blocked.add("+1 555 0100"),
    139101: full_block_list,
    147001: username_of_somebody,
    2388019: too_many_templates,
    2388040: lambda world: world.has_template("UTILITY", "x" * 1025),
}


def marketing(**restrictions: Any) -> Cause:
    """A marketing template to somebody who has not written for a day."""

    async def cause(world: World) -> None:
        await world.has_template("MARKETING")
        world.simulator.clock.advance(hours=25)
        world.simulator.restrict(**restrictions)
        await world.send_template()

    return cause


async def marketing_that_was_stopped(world: World) -> None:
    await world.maria.stops_marketing()
    await marketing()(world)


# These are accepted, and reported as failed in a webhook.
FAILURES: dict[int, Cause] = {
    130472: marketing(experiment=True),
    131009: lambda world: world.send(
        type="reaction", reaction={"message_id": "wamid.unknown", "emoji": "👍"}
    ),
    131049: marketing(marketing_cap=0),
    131050: marketing_that_was_stopped,
}

_CALLS = "The local WhatsApp places no calls."
_GROUPS = "The local WhatsApp has no groups."
_MARKETING_API = "The local WhatsApp is the Cloud API, not the Marketing Messages API."
_MANAGER = "It is set or agreed to in WhatsApp Manager or the App Dashboard."
_META = "It is a failure of Meta's own."
_JUDGED = "It is Meta's judgement, of which no client knows the rules."
_INBOUND = "It comes with a message of a person, not as an answer to a client."
_APP = "It is about the WhatsApp Business app, of which the number here knows nothing."

# One code of each row of the table that no client can cause, and why.
NOT_CAUSED: dict[int, str] = {
    0: "The owner of the token withdraws it.",
    1: _META,
    2: _META,
    3: _MANAGER,
    33: "The number is deleted in WhatsApp Manager; a wrong id is error 100 with subcode 33.",
    613: _CALLS,
    1026: "It depends on the version of the person's WhatsApp.",
    130501: _INBOUND,
    131000: _META,
    131005: "Meta tells no difference from 10, which the local WhatsApp answers.",
    131016: _META,
    131020: _GROUPS,
    131045: "Meta keeps the number's certificate.",
    131052: _INBOUND,
    131055: _MARKETING_API,
    131060: _INBOUND,
    131063: _MANAGER,
    131064: _JUDGED,
    131201: _GROUPS,
    131208: _GROUPS,
    132007: _JUDGED,
    132999: "Meta documents no other error of templates.",
    133000: _META,
    133004: _META,
    133009: "Meta does not tell how soon is too soon.",
    133015: _MANAGER,
    133999: "Meta documents no other error of registration.",
    134011: _MANAGER,
    134100: _MARKETING_API,
    134101: _MARKETING_API,
    134102: _MARKETING_API,
    135000: "Meta names no cause.",
    138000: _CALLS,
    138001: _CALLS,
    138002: _CALLS,
    138003: _CALLS,
    138004: _CALLS,
    138005: _CALLS,
    138006: _CALLS,
    138007: _CALLS,
    138008: _CALLS,
    138009: _CALLS,
    138012: _CALLS,
    138018: _CALLS,
    139000: _JUDGED,
    139102: _META,
    139103: _META,
    147002: _JUDGED,
    147003: "The page is at Facebook.",
    147004: "The account is at Instagram.",
    147005: "The account here has one number.",
    2494100: "The number's maintenance is error 131057 here.",
    2494164: _APP,
    2593107: _APP,
}
