"""What the user tells the channel: one table of keys, one checked `Settings`.

`load` merges credentials.yml, the environment and a file, and either returns complete `Settings` or raises
one `SettingsError` with every mistake and its remedy. `KEYS` is the table. Neither needs Rasa.
"""

from .keys import KEYS, MESSAGE_KINDS, Key
from .loading import load
from .model import NumberSettings, Settings
from .sources import read_credentials

__all__ = ["KEYS", "MESSAGE_KINDS", "Key", "NumberSettings", "Settings", "load", "read_credentials"]
