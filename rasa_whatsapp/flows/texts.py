"""What the user of a Flow reads when something goes wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FlowTexts:
    """One short sentence for each trouble: the handler failed, was late, or the token is no longer valid."""

    failed: str = "Something went wrong. Please try again."
    late: str = "This takes longer than usual. Please try again."
    expired: str = "This form is no longer valid. Please ask for a new one."


_ENGLISH = FlowTexts()
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


def texts_for(conversation: str) -> FlowTexts:
    """The texts in the language of the country that a conversation's phone number is of, else English."""
    digits = conversation.rpartition(":")[2].removeprefix("+")
    found = (_BY_COUNTRY[digits[:length]] for length in (3, 2) if digits[:length] in _BY_COUNTRY)
    return next(found, _ENGLISH)
