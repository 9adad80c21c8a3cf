"""WhatsApp Flows: forms inside the chat.

>>> from rasa_whatsapp.flows import *
>>> flow = FlowJSON.from_json("sign_up.json")
"""

from rasa_whatsapp.flows import utils
from rasa_whatsapp.flows.actions import Action, ActionNext, ActionNextType, FlowActionType
from rasa_whatsapp.flows.components import *  # noqa: F403
from rasa_whatsapp.flows.components import __all__ as _components
from rasa_whatsapp.flows.expressions import DataKey, Expression, FlowStr, FormRef, Ref
from rasa_whatsapp.flows.screens import FlowJSON, Layout, LayoutType, Screen, ScreenData
from rasa_whatsapp.flows.validation import Problem

__all__ = [
    *_components,
    "Action",
    "ActionNext",
    "ActionNextType",
    "DataKey",
    "Expression",
    "FlowActionType",
    "FlowJSON",
    "FlowStr",
    "FormRef",
    "Layout",
    "LayoutType",
    "Problem",
    "Ref",
    "Screen",
    "ScreenData",
    "utils",
]
