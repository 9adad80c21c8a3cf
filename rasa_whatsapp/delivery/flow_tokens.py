"""The tokens of the Flows that are sent: each one without a token gets one of its own."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rasa_whatsapp.delivery.stores.base import Store
from rasa_whatsapp.messages import Flow, FlowButton, Message, Template, TemplateButton


def lacks_tokens(message: Message) -> bool:
    """Whether it opens a Flow, by itself or by a template's button, without a token."""
    if isinstance(message, Flow):
        return not message.flow_token
    if isinstance(message, Template):
        return any(
            map(_lacks_token, (*message.buttons, *(each for card in message.cards for each in card.buttons)))
        )
    return False


async def with_tokens(store: Store, conversation: str, message: Message) -> Message:
    """The message with a token in each place that lacks one.

    A token stands for the conversation and for the Flow's name or id, or the template's name: which Flow its
    button opens is known to Meta alone.

    Raises:
        StoreError: a token could not be kept.
    """
    # Loads the cryptography of the endpoint, which programs that send no Flows need not wait for.
    from rasa_whatsapp.flows import FlowTokens

    tokens = FlowTokens(store)

    if isinstance(message, Flow):
        token = await tokens.issue(conversation, message.flow_name or message.flow_id)
        return replace(message, flow_token=token)
    if isinstance(message, Template):
        name = message.name

        async def filled(buttons: Sequence[TemplateButton]) -> list[TemplateButton]:
            return [
                replace(each, flow_token=await tokens.issue(conversation, template=name))
                if _lacks_token(each)
                else each
                for each in buttons
            ]

        cards = [replace(card, buttons=await filled(card.buttons)) for card in message.cards]
        return replace(message, buttons=await filled(message.buttons), cards=cards)
    return message


def _lacks_token(button: object) -> bool:
    return isinstance(button, FlowButton) and not button.flow_token
