"""The settings as the rest of the package sees them: checked, complete, immutable, and silent about secrets.

The fields are the table's keys; what each means and its default stand there.
"""

import msgspec

from rasa_whatsapp.messages import Template
from rasa_whatsapp.settings.flows import FlowSettings
from rasa_whatsapp.settings.hooks import EventHandler
from rasa_whatsapp.settings.keys import BY_NAME

MASK = "***"


class _Masked(msgspec.Struct, frozen=True, kw_only=True):
    """A struct whose repr shows whether a secret is set, never what it is."""

    def __repr__(self) -> str:
        fields = ((name, getattr(self, name)) for name in self.__struct_fields__)
        shown = (
            f"{name}={MASK if value and BY_NAME[name].secret else repr(value)}" for name, value in fields
        )
        return f"{type(self).__name__}({', '.join(shown)})"


class NumberSettings(_Masked, frozen=True, kw_only=True):
    """What one business number needs; all durations are in seconds."""

    provider: str
    phone_number_id: str
    access_token: str
    app_secret: tuple[str, ...]
    verify_token: str
    client_id: str
    client_secret: str
    webhook_token: str
    webhook_username: str
    webhook_password: str
    webhook_path_token: str
    waba_id: str
    base_url: str
    api_version: str
    throughput: float
    reengagement_template: Template | None


class Settings(_Masked, frozen=True, kw_only=True):
    """Everything the channel was told, with at least one number; all durations are in seconds."""

    numbers: tuple[NumberSettings, ...]
    allow_unsigned: bool
    store: str
    media: str
    conversation_per_number: bool
    sender_id: str
    pseudonym_key: str
    max_message_age: float
    max_turns: int
    action_server_wait: float
    intents: dict[str, str | None]
    typed_payloads: bool
    transcribe: str
    on_event: EventHandler
    handover: float
    delivery_failed_intent: str
    flows: FlowSettings | None
    debounce: float
    merge_texts: bool
    typing_indicator: bool
    read_receipts: bool
    pacing: bool
    list_button: str
    default_body: str
    shutdown_grace: float
    metrics: bool
    ca_bundle: str
