"""What the user tells the channel: one table of keys, one checked `Settings`.

`load` merges credentials.yml, the environment and a file, and either returns complete `Settings` or raises
one `SettingsError` with every mistake and its remedy; `load_store`, `load_intents` and `load_graph` ask for a
few of them alone. `KEYS` is the table. None of them needs Rasa.
"""

from rasa_whatsapp.settings.flows import FlowSettings
from rasa_whatsapp.settings.keys import KEYS, MESSAGE_KINDS, Key
from rasa_whatsapp.settings.loading import load, load_graph, load_intents, load_store
from rasa_whatsapp.settings.model import NumberSettings, Settings
from rasa_whatsapp.settings.sources import find_credentials, read_credentials

__all__ = [
    "KEYS",
    "MESSAGE_KINDS",
    "FlowSettings",
    "Key",
    "NumberSettings",
    "Settings",
    "find_credentials",
    "load",
    "load_graph",
    "load_intents",
    "load_store",
    "read_credentials",
]
