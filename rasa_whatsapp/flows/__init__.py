"""WhatsApp Flows: forms inside the chat.

>>> from rasa_whatsapp.flows import *
>>> flow = FlowJSON.from_json("sign_up.json")
"""

from rasa_whatsapp.flows import utils
from rasa_whatsapp.flows.actions import Action, ActionNext, ActionNextType, FlowActionType
from rasa_whatsapp.flows.completion import FlowCompletion, FlowFile
from rasa_whatsapp.flows.components import *  # noqa: F403
from rasa_whatsapp.flows.components import __all__ as _components
from rasa_whatsapp.flows.crypto import FlowKeys, KeyPair, generate_keys
from rasa_whatsapp.flows.endpoint import Answer, FlowEndpoint
from rasa_whatsapp.flows.errors import (
    FlowRequestCannotBeDecrypted,
    FlowRequestError,
    FlowRequestMalformed,
    FlowRequestSignatureAuthenticationFailed,
    FlowTokenNoLongerValid,
)
from rasa_whatsapp.flows.exchange import FlowRequest, FlowRequestActionType, FlowResponse
from rasa_whatsapp.flows.expressions import DataKey, Expression, FlowStr, FormRef, Ref
from rasa_whatsapp.flows.handlers import FlowHandlers
from rasa_whatsapp.flows.media import FlowMedia
from rasa_whatsapp.flows.screens import FlowJSON, Layout, LayoutType, Screen, ScreenData
from rasa_whatsapp.flows.texts import FlowTexts
from rasa_whatsapp.flows.tokens import FlowToken, FlowTokens
from rasa_whatsapp.flows.validation import Problem

__all__ = [
    *_components,
    "Action",
    "ActionNext",
    "ActionNextType",
    "Answer",
    "DataKey",
    "Expression",
    "FlowActionType",
    "FlowCompletion",
    "FlowEndpoint",
    "FlowFile",
    "FlowHandlers",
    "FlowJSON",
    "FlowKeys",
    "FlowMedia",
    "FlowRequest",
    "FlowRequestActionType",
    "FlowRequestCannotBeDecrypted",
    "FlowRequestError",
    "FlowRequestMalformed",
    "FlowRequestSignatureAuthenticationFailed",
    "FlowResponse",
    "FlowStr",
    "FlowTexts",
    "FlowToken",
    "FlowTokenNoLongerValid",
    "FlowTokens",
    "FormRef",
    "KeyPair",
    "Layout",
    "LayoutType",
    "Problem",
    "Ref",
    "Screen",
    "ScreenData",
    "generate_keys",
    "utils",
]
