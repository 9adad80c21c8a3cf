"""HTTP to a gateway: one pool of connections, and for every failure whether the request may have arrived.

Both gateways' clients stand on this; what an answer means is their business.
"""

from rasa_whatsapp.transport.answer import Answer, Incoming, decode
from rasa_whatsapp.transport.pool import CONNECTIONS, Transport

__all__ = ["CONNECTIONS", "Answer", "Incoming", "Transport", "decode"]
