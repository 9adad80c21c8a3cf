"""What the user of a Flow reads when something goes wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class FlowTexts:
    """One short sentence for each trouble: the handler failed, was late, or the token is no longer valid.

    What is empty is said in the language of the country that the person's number belongs to.
    """

    failed: str = ""
    late: str = ""
    expired: str = ""

    def over(self, others: FlowTexts) -> FlowTexts:
        """These, and the others' in place of what is empty."""
        return FlowTexts(
            failed=self.failed or others.failed,
            late=self.late or others.late,
            expired=self.expired or others.expired,
        )


_ENGLISH = FlowTexts(
    failed="Something went wrong. Please try again.",
    late="This takes longer than usual. Please try again.",
    expired="This form is no longer valid. Please ask for a new one.",
)
_PORTUGUESE = FlowTexts(
    failed="Algo deu errado. Tente de novo.",
    late="Está demorando mais que o normal. Tente de novo.",
    expired="Este formulário não vale mais. Peça um novo.",
)
_SPANISH = FlowTexts(
    failed="Algo salió mal. Inténtalo de nuevo.",
    late="Está tardando más de lo normal. Inténtalo de nuevo.",
    expired="Este formulario ya no es válido. Pide uno nuevo.",
)
_BY_COUNTRY = {
    **dict.fromkeys(("55", "351", "244", "258", "238"), _PORTUGUESE),
    **dict.fromkeys(
        (
            *("34", "51", "52", "53", "54", "56", "57", "58"),
            *("502", "503", "504", "505", "506", "507", "591", "593", "595", "598"),
        ),
        _SPANISH,
    ),
}
"""By country calling code. Source: ITU-T E.164, list of country codes."""
_PHONE = re.compile(r"\d{7,15}")
"""Not a pseudonym, whose 32 hex digits may begin as a country's number does. Source: ITU-T E.164."""


def texts_for(conversation: str) -> FlowTexts:
    """The texts in the language of the country that a conversation's phone number is of, else English."""
    digits = conversation.rpartition(":")[2].removeprefix("+")
    if not _PHONE.fullmatch(digits):
        return _ENGLISH
    found = (_BY_COUNTRY[digits[:length]] for length in (3, 2) if digits[:length] in _BY_COUNTRY)
    return next(found, _ENGLISH)
