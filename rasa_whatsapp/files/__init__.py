"""Files that travel by WhatsApp, whoever carries them: where they come from, and what becomes of them."""

from rasa_whatsapp.files.downloads import HasMedia, MediaFile, MediaInfo, is_media_host, save
from rasa_whatsapp.files.form import upload_form
from rasa_whatsapp.files.sources import Fetched, File, Progress, at_hand, fetched, is_url
from rasa_whatsapp.files.types import LARGEST, mime_type_of

__all__ = [
    "LARGEST",
    "Fetched",
    "File",
    "HasMedia",
    "MediaFile",
    "MediaInfo",
    "Progress",
    "at_hand",
    "fetched",
    "is_media_host",
    "is_url",
    "mime_type_of",
    "save",
    "upload_form",
]
