"""Managing an account and its numbers: the groups of calls that `CloudClient` offers beside messages.

``client.templates.list()``, ``client.profile.update(about="…")`` … Lists page by themselves:
``async for template in client.templates.list(): …``. What comes back are small frozen types; parts whose
shape Meta leaves open, such as a template's components, stay JSON. All calls raise as those of the client,
and `MessageError` for what Meta is known to reject.
"""

from rasa_whatsapp.cloud.management.automation import Automation, Command, ConversationalAutomation
from rasa_whatsapp.cloud.management.blocked import Blocked, BlockedUser
from rasa_whatsapp.cloud.management.encryption import Encryption, PublicKey
from rasa_whatsapp.cloud.management.flows import FlowAsset, FlowInfo, FlowIssue, FlowPreview, Flows, Migration
from rasa_whatsapp.cloud.management.node import Node
from rasa_whatsapp.cloud.management.numbers import Numbers, PhoneNumber
from rasa_whatsapp.cloud.management.profile import BusinessProfile, Profile
from rasa_whatsapp.cloud.management.qr_codes import QrCode, QrCodes
from rasa_whatsapp.cloud.management.templates import TemplateInfo, Templates
from rasa_whatsapp.cloud.management.username import BusinessUsername, Username
from rasa_whatsapp.cloud.management.webhooks import SubscribedApp, WebhookAddresses, Webhooks

__all__ = [
    "Automation",
    "Blocked",
    "BlockedUser",
    "BusinessProfile",
    "BusinessUsername",
    "Command",
    "ConversationalAutomation",
    "Encryption",
    "FlowAsset",
    "FlowInfo",
    "FlowIssue",
    "FlowPreview",
    "Flows",
    "Migration",
    "Node",
    "Numbers",
    "PhoneNumber",
    "Profile",
    "PublicKey",
    "QrCode",
    "QrCodes",
    "SubscribedApp",
    "TemplateInfo",
    "Templates",
    "Username",
    "WebhookAddresses",
    "Webhooks",
]
