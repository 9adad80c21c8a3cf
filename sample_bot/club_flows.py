"""Answers the Flow by which somebody becomes a member, screen by screen; `credentials.yml` names it."""

from __future__ import annotations

from rasa_whatsapp.flows import FlowHandlers, FlowRequest, FlowResponse

handlers = FlowHandlers()

# A club has a database; this one has a single member.
MEMBERS = {"socia@club.example"}


@handlers.on(flow="hacerme_socio", action="INIT")
def opened(request: FlowRequest) -> FlowResponse:
    return FlowResponse(screen="DATOS", data={"error_messages": {}})


@handlers.on(flow="hacerme_socio", screen="DATOS", action="data_exchange")
def entered(request: FlowRequest) -> FlowResponse:
    if request.data["correo"].strip().lower() in MEMBERS:
        return FlowResponse.invalid("DATOS", {"correo": "Ese correo ya es de un socio."})
    first_name = request.data["nombre"].split()[0]
    return FlowResponse(screen="FOTO", data={"saludo": f"¡Gracias, {first_name}! Falta tu foto."})
