"""Where the gateways are, unless a ``base_url`` says otherwise."""

from __future__ import annotations

GRAPH = "https://graph.facebook.com"
SERPRO = "https://api.whatsapp.serpro.gov.br"
