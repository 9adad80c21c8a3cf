"""Serpro's own errors, beside those of Meta's that it passes on."""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.refusal import Refusal


class Refused(Refusal):
    """Serpro itself refuses a request: in words, without a code."""

    def __init__(self, http: int, words: str) -> None:
        super().__init__(0, words, http=http)

    def body(self, trace: str) -> dict[str, Any]:
        return {"message": self.details}
