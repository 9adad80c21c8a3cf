"""Keeping what arrives and what is answered until both are done.

inbox → dispatcher → (Rasa) → outbox → sender, over one store.
"""

from __future__ import annotations

from rasa_whatsapp.delivery.delivery import Delivery
from rasa_whatsapp.delivery.outbox import Destination
from rasa_whatsapp.delivery.rows import Row

__all__ = ["Delivery", "Destination", "Row"]
