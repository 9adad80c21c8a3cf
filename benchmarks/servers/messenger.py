"""Rasa's own channel for Facebook Messenger, the nearest relative, turned to a local Graph."""

from __future__ import annotations

from typing import Any

from fbmessenger import MessengerClient
from rasa.core.channels import facebook
from rasa.core.channels.facebook import FacebookInput


class LocalFacebookInput(FacebookInput):
    """As it is in Rasa, but for the address that it posts to."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LocalFacebookInput:
        """The keys are those of the WhatsApp channel."""
        given = credentials or {}

        class LocalClient(MessengerClient):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                self.graph_url = f"{given['base_url']}/v2.12"

        facebook.MessengerClient = LocalClient
        return cls(given["verify_token"], given["app_secret"], given["access_token"])
