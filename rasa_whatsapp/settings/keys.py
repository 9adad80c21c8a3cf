"""The one table of settings: validation, environment names, the example file and the guide come from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from rasa_whatsapp.hosts import GRAPH, SERPRO
from rasa_whatsapp.messages import limits
from rasa_whatsapp.settings.flows import FLOWS
from rasa_whatsapp.settings.hooks import EVENT_HANDLER, FUNCTION, HANDOVER
from rasa_whatsapp.settings.kinds import (
    API_VERSION,
    CA_BUNDLE,
    COUNT,
    ENTRIES,
    FLAG,
    IDENTIFIER,
    INTENT,
    NUMBER,
    PATH_TOKEN,
    STORE,
    TEMPLATE,
    TEXT,
    TOKEN,
    TOKEN_OR_NUMBER,
    TOKENS,
    URL,
    Kind,
    choice,
    duration,
    intents,
    label,
)

PROVIDERS = ("cloud", "serpro")

MESSAGE_KINDS = (
    "image", "video", "audio", "document", "sticker", "location", "contacts", "order", "reaction",
    "flow_reply", "address_reply", "call_permission_reply", "edit", "revoke", "welcome", "unsupported",
    "unknown",
)  # fmt: skip
"""The kinds of message that reach Rasa as an intent; text and tapped replies reach it as they are."""


_ALIASES_OF = {"WPP": "cloud", "SERPRO": "serpro"}
"""By the beginning of an older variable's name, the provider of the integration that it is from."""


class Key(NamedTuple):
    """One setting.

    Attributes:
        name: its name in credentials.yml.
        kind: what its value must be.
        default: the value when it is given nowhere, as it would be written; None for none.
        meaning: one sentence, with the unit where there is one.
        per_number: whether it may stand in an entry of ``numbers``.
        required_by: the providers that cannot work without it.
        secret: whether its value must never be shown.
        alias: an older name of its environment variable; empty when there is none. It counts only for the
            provider whose integration it is from, `alias_of`.
        defaults: by provider, where a provider's default differs from ``default``.
        stands_in: the key whose value is taken where this one is given nowhere; only for providers that do
            not require it.
    """

    name: str
    kind: Kind
    default: Any
    meaning: str
    per_number: bool = False
    required_by: tuple[str, ...] = ()
    secret: bool = False
    alias: str = ""
    defaults: Mapping[str, Any] = MappingProxyType({})
    stands_in: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that may hold it, the one that wins first."""
        name = f"WHATSAPP_{self.name.upper()}"
        return (name, self.alias) if self.alias else (name,)

    @property
    def alias_of(self) -> str:
        """The provider whose numbers the alias tells about."""
        return _ALIASES_OF[self.alias.partition("_")[0]]


KEYS: tuple[Key, ...] = (
    Key(
        "phone_number_id", IDENTIFIER, None,
        "Id of the business number, not the number itself (WhatsApp > API Setup in the Meta app).",
        per_number=True, required_by=("cloud",), alias="WPP_PHONE_NUMBER_IDENTIFIER", stands_in="client_id",
    ),
    Key(
        "access_token", TOKEN, None,
        "Token the bot sends messages with; for production that of a system user, which does not expire.",
        per_number=True, required_by=("cloud",), secret=True, alias="WPP_AUTHORIZATION_TOKEN",
    ),
    Key(
        "app_secret", TOKENS, None,
        "The app's secret (App settings > Basic), which proves webhooks and calls; a list: new, old.",
        per_number=True, secret=True,
    ),
    Key(
        "verify_token", TEXT, None,
        "A word of your choice, written here and in Meta's webhook form, which proves that the URL is yours.",
        per_number=True, required_by=("cloud",), secret=True, alias="WPP_VERIFY_TOKEN",
    ),
    Key(
        "provider", choice(*PROVIDERS), "cloud",
        "Who carries the messages: cloud is Meta's Cloud API, serpro the gateway of Brazil's Serpro.",
        per_number=True,
    ),
    Key(
        "client_id", TOKEN_OR_NUMBER, None,
        "Serpro's client id, usually the phone number id as well (else name `phone_number_id` too).",
        per_number=True, required_by=("serpro",), alias="SERPRO_CLIENT_ID",
    ),
    Key(
        "client_secret", TOKEN, None,
        "Serpro's client secret, with which the bot gets its tokens.",
        per_number=True, required_by=("serpro",), secret=True, alias="SERPRO_CLIENT_SECRET",
    ),
    Key(
        "webhook_token", TOKEN, None,
        "Word of your choice that Serpro repeats as a bearer token with each webhook.",
        per_number=True, secret=True,
    ),
    Key(
        "webhook_username", TEXT, None,
        "Name that Serpro's webhooks bring by HTTP Basic authentication.",
        per_number=True,
    ),
    Key(
        "webhook_password", TEXT, None,
        "Password that belongs to webhook_username.",
        per_number=True, secret=True,
    ),
    Key(
        "webhook_path_token", PATH_TOKEN, None,
        "Unguessable end of the URL that Serpro posts to, /webhooks/whatsapp/webhook/<token>.",
        per_number=True, secret=True,
    ),
    Key(
        "waba_id", IDENTIFIER, None,
        "Id of the WhatsApp Business Account; for templates, Flows, `webhook --for account` and the doctor.",
        per_number=True, alias="SERPRO_WABA_ID",
    ),
    Key(
        "base_url", URL, GRAPH,
        "Where the gateway's API is; plain http only on this machine or in a private network.",
        per_number=True, defaults={"serpro": SERPRO},
    ),
    Key(
        "api_version", API_VERSION, "v26.0",
        "Version of the gateway's API.",
        per_number=True, defaults={"serpro": "v2"},
    ),
    Key(
        "throughput", NUMBER, 80,
        "Messages a second that the number may send; Meta allows 80, or 1000 after an upgrade.",
        per_number=True,
    ),
    Key(
        "reengagement_template", TEMPLATE, None,
        "Template sent once to somebody whose 24-hour window is closed: a mapping of name and language.",
        per_number=True,
    ),
    Key(
        "numbers", ENTRIES, None,
        "Several business numbers: a list of entries, to which the keys above give the defaults.",
    ),
    Key(
        "allow_unsigned", FLAG, False,
        "Accept webhooks that nothing proves, which anybody could forge; for experiments.",
    ),
    Key(
        "store", STORE, "sqlite:///whatsapp.db",
        "Where messages and answers are kept until they are done: an SQLite file, redis:// for several "
        "workers or hosts, memory:// for trials.",
        secret=True,
    ),
    Key(
        "media", TEXT, None,
        "Folder of the bot's own files, which messages name as media://map.png.",
    ),
    Key(
        "conversation_per_number", FLAG, False,
        "Whether one person has a separate conversation with each business number.",
    ),
    Key(
        "sender_id", choice("phone", "user_id", "pseudonym"), "phone",
        "What Rasa calls a person: the phone number, WhatsApp's user id, or a pseudonym hiding both.",
    ),
    Key(
        "pseudonym_key", TEXT, None,
        "Secret that pseudonyms are made with; another one starts every conversation anew.",
        secret=True,
    ),
    Key(
        "max_message_age", duration(), "24h",
        "Older messages are kept but not answered (seconds, or 30m, 24h, 7d).",
    ),
    Key(
        "max_turns", COUNT, 16,
        "Conversations that are handled side by side.",
    ),
    Key(
        "action_server_wait", duration(or_none=True), "60s",
        "How long turns wait for an action server that accepts no connection (seconds, or 30s, 2m; 0: not).",
    ),
    Key(
        "intents", intents(MESSAGE_KINDS), {},
        "Intents for messages that are not text: a name, text for the caption alone, or null for silence.",
    ),
    Key(
        "typed_payloads", FLAG, True,
        "Whether a text such as /restart that a person types reaches Rasa as a command.",
    ),
    Key(
        "transcribe", FUNCTION, None,
        "Function that makes text of voice notes before Rasa sees them: module:function.",
    ),
    Key(
        "on_event", EVENT_HANDLER, None,
        "Function that hears of what is no message: module:function, or a mapping of handler and kinds.",
    ),
    Key(
        "handover", HANDOVER, None,
        "How long the bot is silent after a colleague wrote in the Business app: a mapping with pause.",
    ),
    Key(
        "delivery_failed_intent", INTENT, None,
        "Intent that tells Rasa of a message which did not arrive, with the entities code and reason.",
    ),
    Key(
        "flows", FLOWS, None,
        "Flows: the endpoint's private_key, passphrase, handlers and deadline, and the intents of replies.",
        secret=True,
    ),
    Key(
        "debounce", duration(or_none=True), 0,
        "Silence after which the texts that a person sent in quick succession become one turn (0: not).",
    ),
    Key(
        "merge_texts", FLAG, False,
        "Send the texts of one turn that follow one another as one message, at the end of the turn.",
    ),
    Key(
        "typing_indicator", FLAG, True,
        "Show that the bot is typing while Rasa works; only together with `read_receipts`.",
    ),
    Key(
        "read_receipts", FLAG, True,
        "Mark messages as read (blue ticks) when their turn starts.",
    ),
    Key(
        "pacing", FLAG, True,
        "Keep to WhatsApp's limit per person: a burst of 45 messages, then one per 6 s; off for tests.",
    ),
    Key(
        "list_button", label(limits.LIST_BUTTON), "Menu",
        "Label of the button that opens a list, at most 20 characters.",
    ),
    Key(
        "default_body", label(limits.BODY), "👇",
        "Text above buttons that come without one, at most 1024 characters; WhatsApp requires some.",
    ),
    Key(
        "shutdown_grace", duration(or_none=True), "20s",
        "How long running turns may finish when the server stops (seconds, or 20s, 1m).",
    ),
    Key(
        "metrics", FLAG, False,
        "Serve counts and queue depths for Prometheus at /webhooks/whatsapp/metrics.",
    ),
    Key(
        "ca_bundle", CA_BUNDLE, None,
        "PEM file of further certificate authorities, for a proxy that opens TLS.",
    ),
)  # fmt: skip
"""Every setting, in the order of credentials.yml.example."""

BY_NAME = {key.name: key for key in KEYS}
